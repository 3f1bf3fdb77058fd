"""The rules of rooms, tables, codes and settings, one at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest

from edge.floor import decide
from edge.floor.state import Assignment, Section, Table, TableInUse, TablePlace, Venue
from shared.commands.floor import (
    AssignSection,
    ConfigureVenue,
    DrawSection,
    DrawTable,
    RemoveTable,
    ReplaceTableCode,
)
from shared.context import Context
from shared.errors import Rejected
from shared.ids import SectionId, StaffId, TableId, VenueId, VisitId
from shared.ops.floor import (
    SectionAssigned,
    SectionDrawn,
    TableCodeReplaced,
    TableDrawn,
    TableRemoved,
    VenueConfigured,
)
from shared.ops.guests import VisitClosed
from shared.permissions import ROLES

SALON = SectionDrawn(section_id=SectionId("salon"), name="Salón", position=0)
NOBODYS = Section(drawn=SALON)
LEOS = Section(drawn=msgspec.structs.replace(SALON, staff_id=StaffId("leo")))
FIRST = TableDrawn(
    table_id=TableId("t1"),
    section_id=SectionId("salon"),
    label="1",
    shape="round",
    seats=6,
    x=0,
    y=0,
    width=100,
    height=100,
)
STANDING = Table(drawn=msgspec.structs.replace(FIRST, code_generation=3), is_removed=False)
GONE = msgspec.structs.replace(STANDING, is_removed=True)
DRAW = DrawTable(table_id="t1", section_id="salon", label="1", seats=6, shape="round")


@contextmanager
def rejects(code: str, **facts: object) -> Iterator[None]:
    with pytest.raises(Rejected) as caught:
        yield
    assert (caught.value.code, caught.value.facts) == (code, facts)


def by(role: str, *, staff_id: str = "mara") -> Context:
    return Context(
        now_ms=1,
        asked_at_ms=1,
        business_day="2026-11-24",
        device_id="d1",
        device_role="pos",
        staff_id=staff_id,
        staff_role=role,
        permissions=ROLES[role],
        fresh_id=lambda: "fresh",
    )


def assign(staff_id: str, section: Section | None, context: Context, *, is_person_known: bool = True) -> list[object]:
    state = Assignment(section=section, is_person_known=is_person_known)
    return list(decide.assign_section(AssignSection(section_id="salon", staff_id=staff_id), state, context))


def given_to(staff_id: str) -> list[object]:
    return [SectionAssigned(section_id=SectionId("salon"), staff_id=StaffId(staff_id))]


def place(table: Table | None = None, **changes: bool) -> TablePlace:
    found = TablePlace(table=table, is_section_known=True, is_label_taken=False)
    return msgspec.structs.replace(found, **changes)


def test_settings_are_written_whole_under_the_venues_own_id() -> None:
    command = ConfigureVenue(name="La Perla", cover_charge_minor=800_00, wifi_name="perla")
    (op,) = decide.configure_venue(command, Venue(venue_id="v7"), by("technician"))
    assert op == VenueConfigured(
        venue_id=VenueId("v7"),
        name="La Perla",
        currency="ARS",
        language="es-AR",
        timezone="America/Argentina/Buenos_Aires",
        cutover_min=300,
        cover_charge_minor=800_00,
        cover_charge_vat_bp=2100,
        draft_expiry_s=1800,
        max_waiting_drafts=3,
        wifi_name="perla",
    )


@pytest.mark.parametrize("timezone", ["Marte/Base", "", "../../etc/passwd", "a" * 60, "America/\x00"])
def test_a_time_zone_that_nobody_knows_is_refused(timezone: str) -> None:
    command = ConfigureVenue(name="La Perla", timezone=timezone)
    with rejects("settings_invalid", problem=f"no time zone is called {timezone}", path="timezone"):
        decide.configure_venue(command, Venue(venue_id="v7"), by("manager"))


def test_only_who_may_configure_changes_settings_and_plan() -> None:
    waiter = by("waiter")
    with rejects("needs_manager", permission="configure_venue"):
        decide.configure_venue(ConfigureVenue(name="La Perla"), Venue(venue_id="v7"), waiter)
    with rejects("needs_manager", permission="draw_floor"):
        decide.draw_section(DrawSection(section_id="salon", name="Salón"), None, waiter)
    with rejects("needs_manager", permission="draw_floor"):
        decide.draw_table(DRAW, place(), waiter)
    with rejects("needs_manager", permission="draw_floor"):
        decide.remove_table(RemoveTable(table_id="t1"), in_use(), waiter)
    with rejects("needs_manager", permission="draw_floor"):
        decide.replace_table_code(ReplaceTableCode(table_id="t1"), STANDING, waiter)


def in_use(table: Table | None = STANDING, *, has_open_check: bool = False, visits: tuple[str, ...] = ()) -> TableInUse:
    return TableInUse(table=table, has_open_check=has_open_check, visit_ids=tuple(VisitId(id) for id in visits))


def test_a_section_redrawn_keeps_who_serves_it() -> None:
    command = DrawSection(section_id="salon", name="Salón grande", position=2, width=800, height=600)
    drawn = SectionDrawn(
        section_id=SectionId("salon"),
        name="Salón grande",
        position=2,
        width=800,
        height=600,
        staff_id=StaffId("leo"),
    )
    assert decide.draw_section(command, LEOS, by("manager")) == [drawn]
    assert decide.draw_section(command, None, by("manager")) == [msgspec.structs.replace(drawn, staff_id=StaffId(""))]


def test_a_waiter_takes_a_free_section_and_lets_go_of_an_own_one() -> None:
    assert assign("leo", NOBODYS, by("waiter", staff_id="leo")) == given_to("leo")
    assert assign("", LEOS, by("waiter", staff_id="leo")) == given_to("")


def test_a_section_given_to_who_has_it_changes_nothing() -> None:
    assert assign("leo", LEOS, by("waiter", staff_id="leo")) == []


@pytest.mark.parametrize(("staff_id", "section"), [("ana", LEOS), ("", LEOS), ("leo", NOBODYS)])
def test_somebody_elses_section_needs_a_manager(staff_id: str, section: Section) -> None:
    with rejects("needs_manager", permission="draw_floor"):
        assign(staff_id, section, by("waiter", staff_id="ana"))
    assert assign(staff_id, section, by("manager")) == given_to(staff_id)


def test_a_section_goes_only_to_people_who_work_here() -> None:
    with rejects("staff_unknown"):
        assign("nobody", NOBODYS, by("manager"), is_person_known=False)
    assert assign("", LEOS, by("manager"), is_person_known=False) == given_to("")
    with rejects("section_unknown"):
        assign("leo", None, by("manager"))


def test_a_new_table_has_the_first_code_and_a_redrawn_one_keeps_its_own() -> None:
    assert decide.draw_table(DRAW, place(), by("technician")) == [FIRST]
    again = [msgspec.structs.replace(FIRST, code_generation=3)]
    assert decide.draw_table(DRAW, place(STANDING), by("technician")) == again
    assert decide.draw_table(DRAW, place(GONE), by("technician")) == again  # old codes do not come back with it


def test_a_table_needs_its_section_and_a_label_of_its_own() -> None:
    with rejects("section_unknown", path="section_id"):
        decide.draw_table(DRAW, place(is_section_known=False), by("manager"))
    with rejects("table_taken", label="1", path="label"):
        decide.draw_table(DRAW, place(is_label_taken=True), by("manager"))


def test_a_table_with_an_open_check_stays() -> None:
    with rejects("table_busy"):
        decide.remove_table(RemoveTable(table_id="t1"), in_use(has_open_check=True), by("manager"))
    for table in (None, GONE):
        with rejects("table_unknown"):
            decide.remove_table(RemoveTable(table_id="t1"), in_use(table), by("manager"))


def test_a_removed_table_lets_its_phones_go() -> None:
    assert decide.remove_table(RemoveTable(table_id="t1"), in_use(visits=("v1", "v2")), by("manager")) == [
        VisitClosed(visit_id=VisitId("v1"), table_id=TableId("t1"), reason="abandoned"),
        VisitClosed(visit_id=VisitId("v2"), table_id=TableId("t1"), reason="abandoned"),
        TableRemoved(table_id=TableId("t1")),
    ]


def test_a_replaced_code_is_the_next_generation() -> None:
    command = ReplaceTableCode(table_id="t1")
    replaced = TableCodeReplaced(table_id=TableId("t1"), generation=4)
    assert decide.replace_table_code(command, STANDING, by("manager")) == [replaced]
    for table in (None, GONE):
        with rejects("table_unknown"):
            decide.replace_table_code(command, table, by("manager"))
