"""However two people change one record, nothing that one of them did is undone by what the other did not touch."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.kitchen.decide import change_station
from edge.kitchen.state import StationSetUp
from edge.printing.decide import change_printer
from edge.printing.state import SetUp
from shared.commands.kitchen import ChangeStation
from shared.commands.printing import ChangePrinter
from shared.context import Context
from shared.errors import Rejected
from shared.ids import PrinterId, StationId
from shared.ops.kitchen import StationConfigured
from shared.ops.printing import PrinterConfigured
from shared.permissions import ROLES
from shared.rules.revisions import Revision

PEOPLE = ("Marta", "Nina")
PRINTER_FIELDS = {
    "host": st.sampled_from(("10.0.0.1", "10.0.0.2")),
    "port": st.integers(1, 65535),
    "columns": st.integers(20, 64),
    "has_drawer": st.booleans(),
    "language": st.sampled_from(("", "es-AR", "en")),
}
STATION_FIELDS = {
    "name": st.sampled_from(("Bar", "Barra")),
    "position": st.integers(0, 9),
    "late_after_s": st.integers(10, 7200),
    "printer_id": st.sampled_from(("", "p1", "p2")),
    "backup_printer_id": st.sampled_from(("", "p1")),
}


def some_of(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def acts(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[list[tuple[str, bool, dict[str, Any]]]]:
    """Who, whether they look first, and what they send."""
    return st.lists(st.tuples(st.sampled_from(PEOPLE), st.booleans(), some_of(fields)), max_size=20)


def by(name: str) -> Context:
    return Context(
        now_ms=1,
        asked_at_ms=1,
        business_day="2026-11-24",
        device_id="d1",
        device_role="pos",
        staff_id=name,
        staff_role="manager",
        permissions=ROLES["manager"],
        fresh_id=lambda: "fresh",
    )


@given(acts(PRINTER_FIELDS))
def test_a_printer_is_all_that_was_said_and_nothing_else(
    played: list[tuple[str, bool, dict[str, Any]]],
) -> None:
    record = PrinterConfigured(printer_id=PrinterId("p"), name="Papel", host="10.0.0.9", port=9100, columns=42)
    _play(record, lambda state, sent: change_printer(ChangePrinter(printer_id="p", **sent), *state), SetUp, played)


@given(acts(STATION_FIELDS))
def test_a_station_is_all_that_was_said_and_nothing_else(
    played: list[tuple[str, bool, dict[str, Any]]],
) -> None:
    record = StationConfigured(station_id=StationId("p"), name="Barra")
    _play(
        record,
        lambda state, sent: change_station(ChangeStation(station_id="p", **sent), *state),
        lambda printer, revision: StationSetUp(station=printer, revision=revision),
        played,
    )


def _play(record: Any, change: Any, state_of: Any, played: list[tuple[str, bool, dict[str, Any]]]) -> None:
    """Plays it against a model: a dictionary that each accepted change updates."""
    model = {name: getattr(record, name) for name in record.__struct_fields__}
    last = Revision(rev="r0", changed_by_name="Ana", changed_at_ms=0)
    seen = dict.fromkeys(PEOPLE, "r0")
    for place, (who, looks, sent) in enumerate(played, 1):
        if looks:
            seen[who] = last.rev
        state = (state_of(printer=record, revision=last), by(who))
        if seen[who] != last.rev:
            with pytest.raises(Rejected) as caught:
                change(state, {**sent, "if_rev": seen[who]})
            assert caught.value.code == "changed_meanwhile"
            assert caught.value.facts == {"who": last.changed_by_name, "when": last.changed_at_ms, "rev": last.rev}
            continue
        (record,) = change(state, {**sent, "if_rev": seen[who]})
        model |= sent
        last = Revision(rev=f"r{place}", changed_by_name=who, changed_at_ms=place)
        seen[who] = last.rev
        assert {name: getattr(record, name) for name in record.__struct_fields__} == model
