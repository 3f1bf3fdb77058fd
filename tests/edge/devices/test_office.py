"""What the screen of the office may ask and is shown: it sets the venue up, and takes no part in the service."""

from pathlib import Path

from edge.app import SLICES
from edge.engine.asks import Ask, Asker
from edge.engine.slice import commands_of
from shared.commands import Command
from shared.commands.ordering import OpenCheck
from shared.commands.staff import RecordSignIn, RemoveStaff
from tests.real_venue import RealVenue, a_real_venue, pair

RULES = [rule for one in SLICES for rule in one.rules]
#: Of the service: what a screen left open in an office must not show or do.
SERVICE = {"check", "ticket", "attention", "draft", "drawer", "z_report", "waiting_course", "errand", "visit"}


def test_it_may_ask_what_sets_a_venue_up_and_nothing_else() -> None:
    office = commands_of(RULES, "manage")
    assert office >= {"configure_venue", "draw_table", "publish_menu", "configure_printer", "configure_station"}
    assert office >= {"add_staff", "set_pin", "approve_pairing", "eighty_six_item", "sign_out"}
    verbs = ("configure_", "change_", "draw_", "assign_", "remove_", "replace_", "set_", "add_staff", "publish_")
    others = {name for name in office if not name.startswith(verbs)}
    assert others == {"eighty_six_item", "restore_item", "print_test", "sign_out", "approve_pairing", "revoke_device"}
    assert not {"change_line", "change_draft", "set_covers", "remove_adjustment"} & office


def test_it_is_shown_nothing_of_the_service() -> None:
    shown = {view.kind for one in SLICES for view in one.views if "manage" in view.roles}
    assert not shown & SERVICE
    assert shown >= {
        "venue",
        "section",
        "table",
        "menu",
        "sold_out",
        "staff",
        "device",
        "pairing",
        "printer",
        "station",
    }


async def test_a_manager_removes_somebody_from_there_and_opens_no_check(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await pair(venue, "office", "manage")
        await venue.do("edge", RecordSignIn(session_id="s-office", staff_id="mara", on_device_id="office"))
        assert await _said(venue, OpenCheck(check_id="c1", kind="counter")) == "not_for_device"
        assert await _said(venue, RemoveStaff(staff_id="ana")) == ""
        assert [member for (member,) in venue.rows("SELECT staff_id FROM staff_member WHERE is_active = 0")] == ["ana"]


async def test_nobody_signed_in_there_may_do_anything(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await pair(venue, "office", "manage")
        assert await _said(venue, RemoveStaff(staff_id="ana"), session="") == "needs_sign_in"


async def _said(venue: RealVenue, command: Command, *, session: str = "s-office") -> str:
    name = str(command.__struct_config__.tag)
    ask = Ask(
        id=f"office-{name}", name=name, command=command, asker=Asker("office", "manage"), asked_at_ms=0,
        staff_session=session, approval="",
    )  # fmt: skip
    (answer,) = await venue.edge.writer.ask([ask])
    return answer.code
