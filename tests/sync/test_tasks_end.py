"""A task that loses a cancel ends all the same."""

import asyncio

from sync.nats.tasks import end


async def test_a_task_that_lost_a_cancel_is_cancelled_again() -> None:
    lost: list[str] = []

    async def stubborn() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if lost:
                    raise
                lost.append("one")

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    async with asyncio.timeout(60):
        await end([task])
    assert task.cancelled() and lost == ["one"]
    await end([])
