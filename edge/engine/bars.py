"""Progress on a terminal, for work that takes long."""

import contextlib
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from edge.engine import projector


@contextlib.contextmanager
def bars(terminal: Console) -> Iterator[projector.Progress]:
    """A bar for each kind of work that is reported; they stay on the terminal at the end."""
    shown = Progress(
        TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=terminal
    )
    tasks: dict[str, TaskID] = {}

    def show(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = shown.add_task(what, total=total)
        shown.update(tasks[what], completed=done)

    with shown:
        yield show
