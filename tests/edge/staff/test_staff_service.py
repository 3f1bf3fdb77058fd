"""People at work: PINs, lockouts, who is signed in where, and a manager's approval of one command."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from edge import app as root
from edge.app import key_of
from edge.devices.keys import digest_of_key
from edge.engine.asks import Ask, Asker
from edge.staff.decide import FIRST_WAIT_MS, LONGEST_WAIT_MS
from edge.staff.load import context_of
from edge.staff.pins import is_right, prepare_pin
from shared.commands import Command
from shared.commands.base import digest_of
from shared.commands.cash import CloseDay
from shared.commands.devices import ApprovePairing, AskPairing
from shared.commands.guests import PauseDrafts, ResumeDrafts
from shared.commands.kitchen import SendLines
from shared.commands.lines import LineAsk
from shared.commands.ordering import AddLines, VoidLine
from shared.commands.staff import (
    AddStaff,
    RecordApproval,
    RecordPinFailure,
    RecordSignIn,
    RemoveStaff,
    SetPin,
    SetStaffRole,
    SignOut,
)
from shared.errors import Rejected
from shared.permissions import APPROVABLE
from tests.real_venue import DAY_MS, HOUR_MS, PIN, RealVenue, a_real_venue
from tests.service import START_MS

MINUTE_MS = 60_000
RIGHT = prepare_pin(SetPin(staff_id="anyone", pin=PIN)).pin
VOID = VoidLine(check_id="c1", line_id="c1-0", reason="error")
SEND = SendLines(check_id="c1")


def wrong_pins(venue: RealVenue, staff_id: str = "ana") -> tuple[int, int]:
    """How many in a row, and until when the person is locked out."""
    ((failures, until_ms),) = venue.rows(
        "SELECT failures, locked_until_ms FROM staff_member WHERE staff_id = ?", staff_id
    )
    return failures, until_ms


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "12345a", "１２３４５６", "123 56"])
def test_a_pin_is_six_digits(pin: str) -> None:
    with pytest.raises(Rejected, match="pin_malformed"):
        prepare_pin(SetPin(staff_id="ana", pin=pin))


def test_a_pin_is_kept_as_a_hash_that_knows_it_again() -> None:
    assert RIGHT.startswith("$argon2id$") and PIN not in RIGHT
    assert is_right(PIN, RIGHT)
    assert not is_right("314159", RIGHT)
    assert not is_right(PIN, "")


async def test_the_log_knows_nobodys_name_and_no_pin(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path, pin_hash=RIGHT) as venue:
        log = "".join(body.decode() for (body,) in venue.rows("SELECT body FROM log"))
        assert "Ana" not in log and "argon2" not in log
        assert venue.rows("SELECT name, pin_hash FROM person WHERE staff_id = 'ana'") == [("Ana", RIGHT)]


async def test_five_wrong_pins_lock_a_person_out_and_each_more_doubles_the_wait(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        waits = []
        for _ in range(12):
            await venue.do("edge", RecordPinFailure(staff_id="ana"))
            waits.append(max(wrong_pins(venue)[1] - venue.edge.clock.now_ms(), 0))
        assert waits == [0] * 4 + [FIRST_WAIT_MS << n for n in range(5)] + [LONGEST_WAIT_MS] * 3


@pytest.mark.parametrize(
    "command",
    [
        SetPin(staff_id="ana", pin=RIGHT),
        RecordSignIn(session_id="again", staff_id="ana", on_device_id="phone"),
    ],
)
async def test_a_new_pin_or_a_right_one_ends_the_count(command: Command, tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("edge", *[RecordPinFailure(staff_id="ana")] * 5)
        await venue.do("console", command)
        assert wrong_pins(venue) == (0, 0)


async def test_a_screen_has_one_person_and_a_session_ends_with_the_next(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        await venue.do(
            "edge", RecordSignIn(session_id="s-other", staff_id="caro", on_device_id="phone"), at_ms=MINUTE_MS
        )
        lines = AddLines(check_id="c1", lines=(LineAsk(line_id="x", item_id="agua"),))
        assert await venue.code("ana", lines, at_ms=2 * MINUTE_MS) == "needs_sign_in"
        assert await venue.code("ana", lines, at_ms=MINUTE_MS - 1) == "", "asked offline before the other signed in"


async def test_a_person_who_left_does_nothing_more(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        await venue.do("mara", RemoveStaff(staff_id="ana"))
        lines = AddLines(check_id="c1", lines=(LineAsk(line_id="x", item_id="agua"),))
        assert await venue.code("ana", lines) == "needs_sign_in"
        assert "ana" not in venue.views("staff")
        assert venue.rows("SELECT pin_hash FROM person WHERE staff_id = 'ana'") == [("",)]
        assert (
            await venue.code("edge", RecordSignIn(session_id="x", staff_id="ana", on_device_id="phone"))
            == "staff_unknown"
        )


async def test_a_role_that_changes_changes_what_a_person_may_do_once_they_sign_in(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        assert await venue.code("ana", VOID, at_ms=MINUTE_MS) == "needs_manager"
        await venue.do("mara", SetStaffRole(staff_id="ana", role="manager"))
        assert await venue.code("ana", VOID) == "needs_sign_in"
        await venue.do("edge", RecordSignIn(session_id="s-ana", staff_id="ana", on_device_id="phone"))
        assert await venue.code("ana", VOID) == ""


@pytest.mark.parametrize(
    ("who", "command", "code"),
    [
        ("mara", AddStaff(staff_id="ana", staff_name="Otra", role="cook", pin=RIGHT), "staff_exists"),
        ("mara", AddStaff(staff_id="leo", staff_name="Leo", role="boss", pin=RIGHT), "role_unknown"),
        ("caro", AddStaff(staff_id="leo", staff_name="Leo", role="cook", pin=RIGHT), "needs_manager"),
        ("till", AddStaff(staff_id="leo", staff_name="Leo", role="cook", pin=RIGHT), "needs_sign_in"),
        ("mara", SetStaffRole(staff_id="leo", role="cook"), "staff_unknown"),
        ("mara", SetStaffRole(staff_id="ana", role="boss"), "role_unknown"),
        ("caro", SetStaffRole(staff_id="caro", role="manager"), "needs_manager"),
        ("mara", SetPin(staff_id="leo", pin=RIGHT), "staff_unknown"),
        ("caro", SetPin(staff_id="mara", pin=RIGHT), "needs_manager"),
        ("mara", RemoveStaff(staff_id="leo"), "staff_unknown"),
        ("caro", RemoveStaff(staff_id="ana"), "needs_manager"),
        ("edge", RecordPinFailure(staff_id="leo"), "staff_unknown"),
        ("edge", RecordSignIn(session_id="x", staff_id="leo", on_device_id="phone"), "staff_unknown"),
        ("mara", RecordSignIn(session_id="x", staff_id="caro", on_device_id="till2"), "not_for_device"),
        ("mara", RecordPinFailure(staff_id="ana"), "not_for_device"),
        (
            "mara",
            RecordApproval(approval_id="a", approver_id="mara", for_command_id="c", for_command_name="x"),
            "not_for_device",
        ),
        (
            "edge",
            RecordApproval(approval_id="a", approver_id="caro", for_command_id="c", for_command_name="x"),
            "needs_permission",
        ),
        (
            "edge",
            RecordApproval(approval_id="a", approver_id="leo", for_command_id="c", for_command_name="x"),
            "staff_unknown",
        ),
        ("caro", SignOut(session_id="s-ana"), "needs_permission"),
        ("caro", SignOut(session_id="no-such"), ""),
        ("mara", SignOut(session_id="s-ana"), ""),
    ],
)
async def test_each_change_of_people_asks_for_who_may(who: str, command: Command, code: str, tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        assert await venue.code(who, command) == code


async def test_a_manager_approves_one_command_and_no_other(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1", items=("empanada", "agua"))
        second = VoidLine(check_id="c1", line_id="c1-1", reason="error")
        assert (await venue.ask("ana", VOID, id="void1", at_ms=MINUTE_MS)).code == "needs_manager"
        approval = await venue.approve("void1", VOID)
        assert (await venue.ask("ana", second, id="void2", approval=approval)).code == "approval_invalid"
        assert (await venue.ask("ana", CloseDay(), id="close", approval=approval)).code == "approval_invalid"
        done = await venue.ask("ana", VOID, id="void1", approval=approval)
        assert done.outcome == "done"
        again = await venue.ask("ana", VOID, id="void1", approval=approval)
        assert again == done, "asked twice under its id, it is done once"
        assert venue.rows("SELECT COUNT(*) FROM line_void") == [(1,)]
        assert venue.rows("SELECT staff_id FROM log WHERE kind = 'line_voided'") == [("ana",)]
        assert venue.problems() == []


async def test_an_approval_is_for_the_command_it_names_under_that_id(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        approval = await venue.approve("close", VOID)
        assert (await venue.ask("ana", CloseDay(), id="close", approval=approval)).code == "approval_invalid"


async def test_an_approval_is_for_the_command_as_the_manager_saw_it(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1", items=("empanada", "agua"))
        another = VoidLine(check_id="c1", line_id="c1-1", reason="error")
        approval = await venue.approve("void1", VOID)
        assert (await venue.ask("ana", another, id="void1", approval=approval)).code == "approval_invalid"
        assert venue.rows("SELECT COUNT(*) FROM line_void") == [(0,)]


async def test_an_approval_from_before_digests_is_for_any_body_under_its_id(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        await venue.do(
            "edge",
            RecordApproval(approval_id="old", approver_id="mara", for_command_id="void1", for_command_name="void_line"),
        )
        assert (await venue.ask("ana", VOID, id="void1", approval="old", at_ms=MINUTE_MS)).outcome == "done"


async def test_a_command_whose_approval_ran_out_passes_with_a_fresh_one(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        late_ms = 5 * MINUTE_MS + 1
        ran_out = await venue.approve("void1", VOID)
        assert (await venue.ask("ana", VOID, id="void1", approval=ran_out, at_ms=late_ms)).code == "approval_invalid"
        assert (await venue.ask("ana", VOID, id="void1", at_ms=late_ms)).code == "approval_invalid"
        fresh = await venue.approve("void1", VOID, at_ms=late_ms)
        assert (await venue.ask("ana", VOID, id="void1", approval=fresh, at_ms=late_ms)).outcome == "done"


async def test_an_approval_is_for_the_screen_that_asked(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        for id in ("void1", "void2"):
            approval = RecordApproval(
                approval_id=f"ok-{id}",
                approver_id="mara",
                for_command_id=id,
                for_command_name="void_line",
                on_device_id="phone",
            )
            await venue.do("edge", approval)
        at_the_till = await venue.ask("caro", VOID, id="void1", approval="ok-void1", at_ms=MINUTE_MS)
        assert at_the_till.code == "approval_invalid"
        assert (await venue.ask("ana", VOID, id="void2", approval="ok-void2", at_ms=MINUTE_MS)).outcome == "done"


async def test_an_approval_lasts_five_minutes_and_as_long_as_the_manager_works_here(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1", items=("empanada", "agua"))
        approval = await venue.approve("void1", VOID)
        late = await venue.ask("ana", VOID, id="void1", approval=approval, at_ms=5 * MINUTE_MS + 1)
        assert late.code == "approval_invalid"
        second = VoidLine(check_id="c1", line_id="c1-1", reason="error")
        approval = await venue.approve("void2", second, at_ms=6 * MINUTE_MS)
        await venue.do("console", RemoveStaff(staff_id="mara"))
        assert (await venue.ask("ana", second, id="void2", approval=approval)).code == "approval_invalid"


@contextlib.asynccontextmanager
async def a_till(venue: RealVenue) -> AsyncIterator[httpx.AsyncClient]:
    """A paired till that speaks HTTP to the edge."""
    key = "the till's key"
    digest = digest_of_key(key)
    await venue.do("edge", AskPairing(pairing_id="http", code="1", app="pos", device_name="Caja", key_digest=digest))
    await venue.do("console", ApprovePairing(pairing_id="http", role="pos"))
    transport = httpx.ASGITransport(app=root.build_app(venue.edge))
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://edge", headers=headers) as http:
        yield http


async def sign_in(http: httpx.AsyncClient, pin: str, staff_id: str = "ana") -> tuple[int, Any]:
    """The status and body of one try."""
    response = await http.post("/staff/sign-in", json={"staff_id": staff_id, "pin": pin})
    return response.status_code, response.json()


async def test_signing_in_gives_a_session_that_commands_carry(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path, pin_hash=RIGHT) as venue, a_till(venue) as http:
        status, signed_in = await sign_in(http, PIN)
        assert (status, signed_in["role"], signed_in["name"]) == (200, "waiter", "Ana")
        assert "take_orders" in signed_in["permissions"] and "void_sent" not in signed_in["permissions"]
        ask = {"id": "c1", "name": "open_check", "body": {"check_id": "c1", "kind": "counter"}}
        assert (await http.post("/commands", json={"commands": [ask]})).json()["answers"][0]["code"] == "needs_sign_in"
        ask |= {"id": "c2", "staff_session": signed_in["session"]}
        assert (await http.post("/commands", json={"commands": [ask]})).status_code == 200


async def test_wrong_pins_count_down_to_a_lockout_that_a_right_pin_does_not_open(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path, pin_hash=RIGHT) as venue, a_till(venue) as http:
        answers = [await sign_in(http, "000000") for _ in range(5)]
        assert [(status, body["code"]) for status, body in answers] == [(409, "pin_wrong")] * 4 + [(409, "pin_locked")]
        assert [body["facts"]["attempts_left"] for _, body in answers[:4]] == [4, 3, 2, 1]
        assert answers[4][1]["facts"] == {"retry_after_s": 30}
        assert await sign_in(http, PIN) == answers[4]
        assert (await sign_in(http, PIN, "caro"))[0] == 200, "a lockout is of one person"
        await venue.do("console", SetPin(staff_id="ana", pin=RIGHT))
        assert (await sign_in(http, PIN))[0] == 200


async def test_guesses_in_parallel_count_like_guesses_in_a_row(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path, pin_hash=RIGHT) as venue, a_till(venue) as http:
        answers = await asyncio.gather(*(sign_in(http, "000000") for _ in range(9)))
        assert sorted(body["code"] for _, body in answers) == ["pin_locked"] * 5 + ["pin_wrong"] * 4
        assert wrong_pins(venue)[0] == 5


async def test_nobody_signs_in_as_nobody_or_from_a_screen_that_is_not_paired(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path, pin_hash=RIGHT) as venue, a_till(venue) as http:
        assert (await sign_in(http, PIN, "leo"))[1]["code"] == "staff_unknown"
        assert (await sign_in(http, "x" * 13))[0] == 400
        http.headers["Authorization"] = "Bearer guess"
        status, body = await sign_in(http, PIN)
        assert (status, body["code"]) == (401, "device_unknown")


async def test_a_manager_approves_in_place_with_a_pin(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path, pin_hash=RIGHT) as venue, a_till(venue) as http:
        await venue.serve("c1")
        session = (await sign_in(http, PIN))[1]["session"]
        body = {"check_id": "c1", "line_id": "c1-0", "reason": "error"}
        ask = {
            "id": "void1",
            "name": "void_line",
            "body": body,
            "staff_session": session,
            "asked_at_ms": START_MS + MINUTE_MS,
        }
        refused = (await http.post("/commands", json={"commands": [ask]})).json()["answers"][0]
        assert (refused["code"], refused["facts"]) == ("needs_manager", {"permission": "void_sent"})
        wanted = {
            "staff_id": "mara",
            "pin": PIN,
            "command_id": "void1",
            "command_name": "void_line",
            "command_body": body,
        }
        assert (await http.post("/staff/approvals", json=wanted | {"pin": "000000"})).json()["code"] == "pin_wrong"
        assert (await http.post("/staff/approvals", json=wanted | {"staff_id": "caro"})).json()[
            "code"
        ] == "needs_permission"
        approved = (await http.post("/staff/approvals", json=wanted)).json()
        assert approved["approver_name"] == "Mara"
        without = {key: value for key, value in wanted.items() if key != "command_body"}
        assert (await http.post("/staff/approvals", json=without)).status_code == 400
        unknown = await http.post("/staff/approvals", json=wanted | {"command_name": "void_everything"})
        assert (unknown.status_code, unknown.json()["code"]) == (400, "malformed")
        answer = await http.post("/commands", json={"commands": [ask | {"approval": approved["approval"]}]})
        assert answer.json()["answers"][0]["outcome"] == "done"
        kept = venue.rows("SELECT for_command_id, for_digest FROM approval")
        assert kept == [("void1", digest_of(VOID).hex())]


async def test_the_consoles_key_is_of_this_venue_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        key = key_of(venue.edge.settings, "console")
        path = venue.edge.settings.data_dir / "console.key"
        assert (path.stat().st_mode & 0o777, path.read_text()) == (0o600, key)


async def test_a_session_that_ended_serves_orders_asked_in_it_and_only_for_two_hours(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        ended_ms = START_MS + HOUR_MS
        await venue.do("mara", SignOut(session_id="s-mara"), at_ms=HOUR_MS)

        def may_ask(asked_at_ms: int, now_ms: int, command: Command = SEND) -> bool:
            asked = Ask(
                id="late",
                name=str(command.__struct_config__.tag),
                command=command,
                asker=Asker("till2", "pos"),
                asked_at_ms=asked_at_ms,
                staff_session="s-mara",
            )
            try:
                context = venue.edge.reads.run_here(lambda conn: context_of(conn, asked, now_ms, str))
            except Rejected as rejected:
                assert rejected.code == "needs_sign_in"
                return False
            return context.staff_id == "mara"

        assert may_ask(ended_ms, ended_ms + 2 * HOUR_MS), "it was offline in between"
        assert not may_ask(ended_ms + 1, ended_ms + 2)
        assert not may_ask(ended_ms, ended_ms + 2 * HOUR_MS + 1)
        assert not may_ask(START_MS - DAY_MS, ended_ms + 2), "before she signed in"
        added = AddStaff(staff_id="eva", staff_name="Eva", role="manager", pin="x")
        for command in (VOID, CloseDay(), added, PauseDrafts()):
            assert not may_ask(ended_ms, ended_ms + 1, command), "no order"


async def test_a_new_pin_and_a_new_role_end_the_sessions_of_the_person(tmp_path: Path) -> None:
    for change in (SetPin(staff_id="mara", pin="x"), SetStaffRole(staff_id="mara", role="waiter")):
        async with a_real_venue(tmp_path / type(change).__name__) as venue:
            await venue.do("mara", PauseDrafts())
            await venue.do("console", change)
            assert (await venue.ask("mara", ResumeDrafts(), id="later")).code == "needs_sign_in"


async def test_a_role_that_the_person_has_already_ends_nothing(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.do("console", SetStaffRole(staff_id="mara", role="manager"))
        await venue.do("mara", PauseDrafts())


async def test_an_approval_lends_what_its_command_is_for_and_never_people_devices_or_settings(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        lent = AddStaff(staff_id="eva", staff_name="Eva", role="manager", pin="x")
        record = RecordApproval(
            approval_id="old",
            approver_id="mara",
            for_command_id="add",
            for_command_name="add_staff",
            for_digest=digest_of(lent).hex(),
        )
        assert (await venue.ask("edge", record, id="record")).code == "not_approvable"
        assert set(APPROVABLE).isdisjoint(
            {"add_staff", "set_pin", "approve_pairing", "configure_printer", "publish_menu"}
        )
        assert not frozenset.union(*APPROVABLE.values()) & {
            "manage_staff",
            "manage_devices",
            "configure_venue",
            "approve",
        }


async def test_a_role_that_may_approve_lends_no_more_than_it_has(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path) as venue:
        await venue.serve("c1")
        approval = await venue.approve("void1", VOID)
        asked = Ask(
            id="void1",
            name="void_line",
            command=VOID,
            asker=Asker("phone", "waiter"),
            asked_at_ms=START_MS,
            staff_session="s-ana",
            approval=approval,
        )
        context = venue.edge.reads.run_here(lambda conn: context_of(conn, asked, START_MS + MINUTE_MS, str))
        assert context.approved_permissions == APPROVABLE["void_line"]


async def test_only_who_may_see_the_days_takings_sees_them_at_a_till(tmp_path: Path) -> None:
    async with a_real_venue(tmp_path, pin_hash=RIGHT) as venue, a_till(venue) as http:
        assert (await http.get("/reports/x")).json()["code"] == "needs_permission"
        for person, status in (("ana", 409), ("caro", 200)):
            session = (await http.post("/staff/sign-in", json={"staff_id": person, "pin": PIN})).json()["session"]
            assert (await http.get("/reports/x", headers={"x-staff-session": session})).status_code == status
        await venue.do("console", RemoveStaff(staff_id="caro"))
        gone = await http.get("/reports/x", headers={"x-staff-session": session})
        assert gone.json()["code"] == "needs_sign_in"
