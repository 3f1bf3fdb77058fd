"""What a replay came to, for people and for programs."""

from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from installer.demo.order_files import Refused
from installer.demo.replay import Outcome

DIFFERENCES_SHOWN = 20


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The outcome with its verdict; every unusable row stands in `refused`."""
    return {"is_equal": outcome.is_equal, **msgspec.to_builtins(outcome)}


def show(outcome: Outcome, terminal: Console, *, database: Path) -> None:
    """The comparison, the days that differ, and every row that could not be used, by why."""
    terminal.print(_comparison(outcome))
    if outcome.is_equal:
        terminal.print(
            f"[green]✓[/] {outcome.days} business days: the hub and the files agree on each, to the cent, and so do"
            f" {outcome.z_reports} Zs in all."
        )
    else:
        terminal.print(f"[red]✗ {len(outcome.differences)} of {outcome.days} business days differ:")
        terminal.print(_differences(outcome))
        terminal.print(f"{outcome.z_reports} Zs add up to {_money(outcome.z_revenue_minor)}.", highlight=False)
    terminal.print(
        f"{outcome.orders:,} of {outcome.orders_in_file:,} orders had a row that could be used; played in {outcome.seconds:.1f} s ({outcome.orders_per_s:,.0f} a second);"
        f" {outcome.z_reports} Z reports; {outcome.entries:,} entries in the log.",
        highlight=False,
    )
    show_unusable(outcome.refused, terminal)
    terminal.print(f"[dim]Check the log it left: hos edge --data-dir {database} verify", highlight=False)


def _comparison(outcome: Outcome) -> Table:
    table = Table("", "files", "hub's report", title="Replay", title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    table.add_row("lines", f"{outcome.lines:,}", f"{outcome.hub_lines:,}")
    table.add_row("items", f"{outcome.quantity:,}", f"{outcome.hub_quantity:,}")
    table.add_row("revenue", _money(outcome.revenue_minor), _money(outcome.hub_revenue_minor))
    return table


def _differences(outcome: Outcome) -> Table:
    table = Table("business day", "lines", "items", "revenue", caption="files / hub")
    for one in outcome.differences[:DIFFERENCES_SHOWN]:
        table.add_row(
            one.business_day,
            f"{one.files.lines} / {one.hub.lines}",
            f"{one.files.quantity} / {one.hub.quantity}",
            f"{_money(one.files.revenue_minor)} / {_money(one.hub.revenue_minor)}",
        )
    return table


def show_unusable(refused: list[Refused], terminal: Console) -> None:
    """Every row that could not be used, by why."""
    if not refused:
        terminal.print("Every row of both files was used.")
        return
    terminal.print(f"{len(refused)} rows could not be used (the heading is row 1):", highlight=False)
    by_reason = sorted(refused, key=lambda one: (one.file, one.reason, one.row))
    for (file, reason), group in groupby(by_reason, key=lambda one: (one.file, one.reason)):
        rows = [str(one.row) for one in group]
        terminal.print(f"  [bold]{file}[/], {reason}: {len(rows)}", highlight=False)
        terminal.print(f"    [dim]rows {', '.join(rows)}", highlight=False)


def _money(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02}"
