"""Two people change one record: who comes second is told who was faster, and sends no more than was changed."""

from pathlib import Path

import msgspec
import pytest

from shared.commands import COMMANDS, Command
from shared.commands.devices import ChooseDrawer
from shared.commands.floor import (
    AssignSection,
    ChangeSection,
    ChangeTable,
    ChangeVenue,
    ConfigureVenue,
    DrawSection,
    DrawTable,
    RemoveTable,
    ReplaceTableCode,
)
from shared.commands.kitchen import ChangeStation, ConfigureStation
from shared.commands.menu import PublishMenu
from shared.commands.printing import ChangePrinter, ConfigurePrinter, ReportPrinterFault
from shared.commands.staff import RecordPinFailure, RemoveStaff, SetPin, SetStaffRole
from tests.real_venue import RealVenue, a_real_venue
from tests.service import MENU, START_MS

PRINTER = ConfigurePrinter(printer_id="papel", printer_name="Papel", host="192.168.0.50", is_receipt=True)
VENUE = ConfigureVenue(name="Sur", wifi_name="sur")
#: Each command that says what it was changed from: the view it is about, and a change that somebody else makes first.
CASES: list[tuple[str, str, Command, Command]] = [
    ("printer", "papel", ChangePrinter(printer_id="papel", port=9101), ChangePrinter(printer_id="papel", columns=48)),
    ("printer", "papel", msgspec.structs.replace(PRINTER, port=9101), ChangePrinter(printer_id="papel", columns=48)),
    ("station", "barra", ChangeStation(station_id="barra", name="Bar"), ConfigureStation(station_id="barra", name="B")),
    ("station", "barra", ConfigureStation(station_id="barra", name="B"), ChangeStation(station_id="barra", position=4)),
    ("venue", "venue", ChangeVenue(wifi_name="norte"), ChangeVenue(cutover_min=240)),
    ("venue", "venue", ConfigureVenue(name="Norte"), ChangeVenue(cutover_min=240)),
    (
        "section",
        "salon",
        ChangeSection(section_id="salon", name="Patio"),
        AssignSection(section_id="salon", staff_id="ana"),
    ),
    ("section", "salon", DrawSection(section_id="salon", name="Patio"), ChangeSection(section_id="salon", width=900)),
    (
        "section",
        "salon",
        AssignSection(section_id="salon", staff_id="ana"),
        AssignSection(section_id="salon", staff_id="caro"),
    ),
    ("table", "t1", ChangeTable(table_id="t1", seats=8), ChangeTable(table_id="t1", x=300)),
    ("table", "t1", DrawTable(table_id="t1", section_id="salon", label="1"), ChangeTable(table_id="t1", x=300)),
    ("table", "t1", RemoveTable(table_id="t1"), ChangeTable(table_id="t1", x=300)),
    ("table", "t1", ReplaceTableCode(table_id="t1"), ReplaceTableCode(table_id="t1")),
    ("staff", "ana", SetStaffRole(staff_id="ana", role="cashier"), SetPin(staff_id="ana", pin="314159")),
    ("staff", "ana", SetPin(staff_id="ana", pin="314159"), SetStaffRole(staff_id="ana", role="cashier")),
    ("staff", "ana", RemoveStaff(staff_id="ana"), SetStaffRole(staff_id="ana", role="cashier")),
    ("menu", "menu", PublishMenu(menu=MENU), PublishMenu(menu=MENU)),
]


def knowing(command: Command, rev: str) -> Command:
    """The same, changed from that revision."""
    return msgspec.structs.replace(command, if_rev=rev)  # type: ignore[call-arg]


async def rev_of(venue: RealVenue, kind: str, key: str) -> str:
    return str(venue.views(kind, key)[key].rev)


def test_every_command_that_knows_a_revision_is_tried_here() -> None:
    knowing_one = {name for name, command in COMMANDS.items() if "if_rev" in command.__struct_fields__}
    tried = {str(command.__struct_config__.tag) for _, _, command, _ in CASES}
    assert knowing_one - tried == {"choose_drawer"}, "which a device asks for itself alone: tried below"


@pytest.mark.parametrize(("kind", "key", "command", "faster"), CASES)
async def test_who_comes_second_is_told_who_was_faster(
    tmp_path: Path, kind: str, key: str, command: Command, faster: Command
) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("console", VENUE, PRINTER)
        seen = await rev_of(venue, kind, key)
        faster_answer = await venue.ask("mara", knowing(faster, seen), id="faster")
        assert faster_answer.outcome == "done", faster_answer
        view = venue.views(kind, key)[key]
        assert (view.rev, view.changed_by_name, view.changed_at_ms) == ("faster", "Mara", START_MS)
        refused = await venue.ask("console", knowing(command, seen))
        assert (refused.code, refused.facts) == (
            "changed_meanwhile",
            {"who": "Mara", "when": START_MS, "rev": "faster"},
        )
        assert (await venue.ask("console", knowing(command, "faster"))).outcome == "done"
        assert venue.problems() == []


@pytest.mark.parametrize(("kind", "key", "command", "faster"), CASES)
async def test_the_console_changes_without_looking(
    tmp_path: Path, kind: str, key: str, command: Command, faster: Command
) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("console", VENUE, PRINTER, faster, command)


async def test_a_change_keeps_all_that_it_does_not_name(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("console", VENUE, PRINTER)
        for kind, key, command, _ in CASES:
            name = str(command.__struct_config__.tag)
            if not name.startswith("change_"):
                continue
            before = msgspec.structs.asdict(venue.views(kind, key)[key])
            await venue.do("mara", command)
            after = msgspec.structs.asdict(venue.views(kind, key)[key])
            sent = {field for field in command.__struct_fields__ if getattr(command, field) not in (None, "")}
            changed = {field for field in after if after[field] != before[field]}
            assert changed <= sent | {"rev", "changed_by_name", "changed_at_ms"}, name
            assert changed & sent, f"{name} changed nothing"


async def test_who_changes_a_record_knows_its_next_revision_from_their_own_ask(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("console", PRINTER)
        await venue.ask("mara", ChangePrinter(printer_id="papel", host="192.168.0.50 "), id="mine")  # as it was
        assert await rev_of(venue, "printer", "papel") == "mine"


async def test_nothing_that_nobody_set_up_can_be_changed(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        for command, code in (
            (ChangePrinter(printer_id="nope"), "printer_unknown"),
            (ChangeStation(station_id="nope"), "station_unknown"),
            (ChangeSection(section_id="nope"), "section_unknown"),
            (ChangeTable(table_id="nope"), "table_unknown"),
            (ChangeVenue(), "settings_invalid"),
        ):
            assert await venue.code("console", command) == code


async def test_what_happens_to_a_printer_or_a_person_is_no_change_of_their_settings(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("console", PRINTER)
        seen = [await rev_of(venue, "printer", "papel"), await rev_of(venue, "staff", "ana")]
        fault = ReportPrinterFault(printer_id="papel", fault="paper_out", waiting_jobs=1, since_ms=START_MS)
        await venue.do("edge", fault, RecordPinFailure(staff_id="ana"))
        assert [await rev_of(venue, "printer", "papel"), await rev_of(venue, "staff", "ana")] == seen


async def test_a_drawer_is_chosen_from_what_the_device_shows(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        seen = await rev_of(venue, "device", "till")
        await venue.do("caro", ChooseDrawer(drawer_id="barra", if_rev=seen))
        refused = await venue.ask("caro", ChooseDrawer(drawer_id="caja", if_rev=seen))
        assert (refused.code, refused.facts["who"]) == ("changed_meanwhile", "Caro")


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (ChangePrinter(printer_id="papel", host="http://x"), "host"),
        (ChangePrinter(printer_id="papel", host="192.168.0.51"), "host"),
        (ChangeStation(station_id="barra", is_paper_only=True), "printer_id"),
        (ChangeVenue(timezone="Marte/Base"), "timezone"),
        (ChangeTable(table_id="t1", label="2"), "label"),
        (ChangeTable(table_id="t1", section_id="nope"), "section_id"),
    ],
)
async def test_a_refusal_names_the_field_that_it_is_about(tmp_path: Path, command: Command, path: str) -> None:
    async with a_real_venue(tmp_path) as venue:
        other = ConfigurePrinter(printer_id="otra", printer_name="Otra", host="192.168.0.51")
        await venue.do("console", VENUE, PRINTER, other)
        assert (await venue.ask("console", command)).facts["path"] == path
