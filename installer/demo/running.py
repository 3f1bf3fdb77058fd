"""The demo in the foreground: from the first line to Ctrl-C."""

import asyncio
import contextlib
import signal

from rich.console import Console

from installer.demo.demo import Demo
from installer.demo.home import Home
from installer.demo.start_page import StartPage


async def run(home: Home, terminal: Console, *, is_rush: bool, lets_everybody_in: bool) -> None:
    """Until Ctrl-C or SIGTERM, whenever it comes; every program is stopped by then.

    Raises:
        NotReady: a program did not start.
        WebBuildFailed: the screens could not be built.
    """
    this = asyncio.current_task()
    assert this is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, this.cancel)
    terminal.print(f"[bold]Hospitality OS[/], the demo, in {home.folder}", highlight=False)
    demo = Demo(home, terminal, lets_everybody_in=lets_everybody_in)
    with contextlib.suppress(asyncio.CancelledError):
        async with demo.started(StartPage(demo)):
            if is_rush:
                await demo.begin_rush()
            _welcome(demo, terminal)
            await asyncio.Event().wait()
    terminal.print("Everything is stopped; it goes on from here the next time.")


def _welcome(demo: Demo, terminal: Console) -> None:
    terminal.print(f"\n  Start page  [bold underline]{demo.system.address('page')}[/]", highlight=False)
    terminal.print("  Everything a script needs: hos demo --describe · Ctrl-C ends the demo\n", highlight=False)
