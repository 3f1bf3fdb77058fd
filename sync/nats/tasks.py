"""Ends tasks that use nats-py, for sure."""

import asyncio
from collections.abc import Iterable
from typing import Any

AGAIN_S = 0.2


async def end(tasks: Iterable["asyncio.Task[Any]"]) -> None:
    """Cancel tasks until each has ended.

    Once is not enough: nats-py waits with `asyncio.wait_for`, which until Python 3.12 loses a cancel that comes at the
    moment of what it waits for. From 3.12 on this may be one cancel and a gather.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_S)
