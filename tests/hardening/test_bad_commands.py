"""Commands that cannot be: each is refused by name, writes nothing, and leaves the venue as it was."""

import asyncio
from typing import Any

import httpx
import pytest

from installer.demo.edge_client import fresh_id
from installer.simulators.printers.device import Device
from installer.simulators.printers.mechanism import ROLLS, Mechanism
from installer.simulators.printers.paper import text_of
from tests.hardening.open_venue import PATIENCE_S, OpenVenue, Screen

BIG = 10**30
DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def ana(shared_venue: OpenVenue) -> Screen:
    """A waiter's phone, with Ana."""
    return shared_venue.paired("waiter", "ana")


@pytest.fixture(scope="module")
def mara(shared_venue: OpenVenue) -> Screen:
    """The till, with the manager."""
    return shared_venue.paired("pos", "mara")


@pytest.fixture(scope="module")
def table_code(shared_venue: OpenVenue) -> str:
    """What the QR of a table says, where a party sits."""
    code = shared_venue.code_of(shared_venue.table())
    assert shared_venue.phone().join(code).status_code == 200
    return code


BAD_LINES: list[tuple[dict[str, Any], str]] = [
    ({"item_id": "fugu"}, "item_unknown"),
    ({"item_id": "malbec"}, "variant_missing"),
    ({"item_id": "malbec", "variant_id": "jarra"}, "variant_unknown"),
    ({"item_id": "bife"}, "modifier_too_few"),
    ({"item_id": "bife", "modifier_ids": ["punto/azul"]}, "modifier_unknown"),
    ({"item_id": "bife", "modifier_ids": ["punto/jugoso", "punto/cocido"]}, "modifier_too_many"),
    ({"shown_minor": 1_199_00}, "price_changed"),
    ({"shown_minor": -BIG}, "price_changed"),
    ({"quantity": 0}, "malformed"),
    ({"quantity": -1}, "malformed"),
    ({"quantity": 100}, "malformed"),
    ({"quantity": BIG}, "malformed"),
    ({"quantity": 1.5}, "malformed"),
    ({"quantity": "1"}, "malformed"),
    ({"quantity": True}, "malformed"),
    ({"seat": -1}, "malformed"),
    ({"course": 10}, "malformed"),
    ({"course": -1}, "malformed"),
    ({"note": "x" * 141}, "malformed"),
    ({"line_id": "'; DROP TABLE log; --"}, "malformed"),
    ({"line_id": "x" * 41}, "malformed"),
    ({"unit_minor": 1}, "malformed"),  # a price is never asked for
    ({"modifier_ids": ["m"] * 41}, "malformed"),
]


@pytest.mark.parametrize(("line", "code"), BAD_LINES)
def test_a_line_that_cannot_be_is_refused_from_waiters_and_guests_alike(
    venue: OpenVenue, ana: Screen, table_code: str, line: dict[str, Any], code: str
) -> None:
    check_id = venue.check(ana)
    before = venue.seq()
    lines = [{"line_id": "l1", "item_id": "empanada"} | line]
    assert ana.code("add_lines", check_id=check_id, lines=lines) == code
    phone = venue.phone()
    assert phone.join(table_code).status_code == 200
    joined = venue.seq()
    assert joined == before + 1
    assert phone.code("submit_draft", draft_id=fresh_id(), lines=lines) == code
    assert venue.seq() == joined
    assert venue.rows("SELECT total_minor FROM checks WHERE check_id = ?", check_id) == [(0,)]


BAD_BODIES: list[tuple[str, dict[str, Any]]] = [
    ("take_payment", {"amount_minor": -1}),
    ("take_payment", {"amount_minor": BIG}),
    ("take_payment", {"amount_minor": 1, "tip_minor": -1}),
    ("take_payment", {"amount_minor": 1, "tendered_minor": -1}),
    ("take_payment", {"amount_minor": 0.1}),
    ("take_payment", {"amount_minor": "1"}),
    ("take_payment", {"amount_minor": 1, "tender": "gold"}),
    ("open_check", {"covers": -1}),
    ("open_check", {"covers": BIG}),
    ("open_check", {"check_id": ""}),
    ("open_check", {"check_id": "../.."}),
    ("open_check", {"kind": "free"}),
    ("move_cash", {"session_id": "caja", "kind": "payout", "amount_minor": -5, "reason": "x"}),
    ("move_cash", {"session_id": "caja", "kind": "payout", "amount_minor": 0, "reason": "x"}),
    ("move_cash", {"session_id": "caja", "kind": "payout", "amount_minor": BIG, "reason": "x"}),
    ("count_drawer", {"session_id": "caja", "counted_minor": -1}),
    ("count_drawer", {"session_id": "caja", "counted_minor": 0, "denominations": [[BIG, BIG]]}),
    ("count_drawer", {"session_id": "caja", "counted_minor": 0, "denominations": [[1]]}),
    ("void_line", {"line_id": "l", "quantity": -1}),
    ("void_line", {"line_id": "l", "quantity": BIG}),
    ("configure_station", {"station_id": "cocina", "name": "Cocina", "position": BIG}),
    ("configure_venue", {"name": "x", "timezone": "../../etc/passwd"}),
    ("configure_venue", {"name": "x", "timezone": "\0"}),
    ("configure_venue", {"name": "x", "timezone": "Marte/Olympus"}),
    ("configure_venue", {"name": ""}),
    ("configure_venue", {"name": "Uno\nDos"}),
    ("open_check", {"check_id": "a\n"}),
    ("open_check", {"kind": "tab\n"}),
    ("open_check", {"table_id": "t" * 100}),
    ("add_staff", {"staff_id": "x", "staff_name": "\u202ex", "role": "waiter", "pin": "123456"}),
]


@pytest.mark.parametrize(("name", "body"), BAD_BODIES)
def test_amounts_that_cannot_be_are_refused(venue: OpenVenue, mara: Screen, name: str, body: dict[str, Any]) -> None:
    check_id = venue.check(mara, "agua")
    usual = {
        "take_payment": {"payment_id": fresh_id(), "check_id": check_id, "tender": "cash"},
        "open_check": {"check_id": fresh_id(), "kind": "counter"},
        "void_line": {"check_id": check_id, "reason": "error"},
    }
    before = venue.seq()
    answer = mara.ask(name, **usual.get(name, {}) | body)
    assert (answer["outcome"], answer["code"]) in {("refused", "malformed"), ("refused", "settings_invalid")}, answer
    assert venue.seq() == before


def test_more_than_a_check_costs_is_not_taken_and_less_cash_than_that_neither(venue: OpenVenue, mara: Screen) -> None:
    check_id = venue.check(mara, "agua")
    mara.do("send_lines", check_id=check_id)
    pay: dict[str, Any] = {"payment_id": fresh_id(), "check_id": check_id, "tender": "cash"}
    before = venue.seq()
    assert mara.ask("take_payment", **pay, amount_minor=1_500_01, tendered_minor=9_999_00)["facts"] == {
        "balance_minor": 1_500_00
    }
    assert mara.code("take_payment", **pay, amount_minor=0, tendered_minor=0) == "amount_invalid"
    assert mara.ask("take_payment", **pay, amount_minor=1_500_00, tendered_minor=1_499_99)["facts"] == {
        "short_minor": 1
    }
    assert venue.seq() == before


def test_a_command_that_does_not_exist_is_refused_and_the_rest_of_the_request_is_done(
    venue: OpenVenue, ana: Screen
) -> None:
    check_id = fresh_id()
    answers = ana.post(
        ana.an_ask("drop_tables", {}),
        ana.an_ask("open_check", {"check_id": check_id, "kind": "counter"}),
        ana.an_ask("open_check", {"check_id": check_id, "kind": "counter", "price": 1}),
        ana.an_ask("add_lines", {"check_id": check_id, "lines": "all"}),
        ana.an_ask("", {}),
    ).json()["answers"]
    assert [answer.get("code", "") for answer in answers] == ["malformed", "", "malformed", "malformed", "malformed"]


def test_bytes_that_are_no_text_inside_a_command_are_refused(venue: OpenVenue, ana: Screen) -> None:
    check_id = fresh_id()
    for text in (b'"\xff\xfe"', b'"\\ud83c"', b'"\\udf36\\ud83c"', b"[" * 50_000):
        body = b'{"check_id":"%s","kind":"tab","name":%s}' % (check_id.encode(), text)
        sent = b'{"commands":[{"id":"%s","name":"open_check","body":%s}]}' % (fresh_id().encode(), body)
        response = ana.http.post("/commands", content=sent)
        assert response.status_code in {400, 409}, response.text
        said = response.json()
        assert (said.get("code") or said["answers"][0]["code"]) == "malformed"
    assert venue.rows("SELECT 1 FROM checks WHERE check_id = ?", check_id) == []


TYPED = "\x1b@\x1bp\x00\x19\x19 ñandú 🌶️\u202e\r\n\x07\u0000fin"
KEPT = "@ p ñandú 🌶️ fin"


def test_what_people_type_keeps_its_emoji_and_loses_its_control_bytes_everywhere(
    venue: OpenVenue, mara: Screen
) -> None:
    check_id = fresh_id()
    line = {"line_id": "l1", "item_id": "agua", "note": TYPED}
    open_item = {"line_id": "l2", "name": TYPED, "note": TYPED, "unit_minor": 100, "station_id": "cocina"}
    mara.do("open_check", check_id=check_id, kind="tab", name=TYPED)
    mara.do("add_lines", check_id=check_id, lines=[line])
    mara.do("add_open_item", check_id=check_id, line=open_item)
    mara.do("send_lines", check_id=check_id, fire_all=True)
    mara.do("void_line", check_id=check_id, line_id="l1", reason=TYPED)
    mara.do("move_cash", session_id="caja", kind="cash_in", amount_minor=1, reason=TYPED)
    mara.do("open_drawer_without_sale", session_id="caja", reason=TYPED)
    assert venue.rows("SELECT name FROM checks WHERE check_id = ?", check_id) == [(KEPT,)]
    written = venue.rows("SELECT kind, body FROM log WHERE CAST(body AS TEXT) LIKE '%andú%'")
    assert len(written) >= 7
    for kind, body in written:
        assert b"\\u00" not in body and "\u202e".encode() not in body, kind


def test_a_name_of_nothing_but_control_bytes_is_no_name(venue: OpenVenue, mara: Screen) -> None:
    check_id = venue.check(mara)
    item = {"line_id": "l1", "name": "\x00\x1b\x07", "unit_minor": 100, "station_id": "cocina"}
    before = venue.seq()
    assert mara.code("add_open_item", check_id=check_id, line=item) == "malformed"
    assert mara.code("move_cash", session_id="caja", kind="cash_in", amount_minor=1, reason="\x00") == "reason_missing"
    assert venue.seq() == before


async def test_nothing_that_people_type_speaks_to_a_printer(venue: OpenVenue, mara: Screen) -> None:
    came_out = asyncio.Event()
    printer = Device(Mechanism("p1", ROLLS["80mm"]), came_out.set)
    await printer.start()
    try:
        await asyncio.to_thread(_order_on_paper, venue, mara, printer.port)
        async with asyncio.timeout(PATIENCE_S):
            while not printer.mechanism.tickets:
                came_out.clear()
                await came_out.wait()
        (ticket,) = printer.mechanism.tickets
        paper = text_of(ticket)
        assert "ñandú" in paper and "fin" in paper
        assert not any(ord(sign) < 32 and sign != "\n" for sign in paper)
        assert printer.mechanism.kicks == 0, "a note opened the drawer"
    finally:
        await asyncio.to_thread(mara.do, "configure_station", station_id="papel", name="Papel")
        await printer.stop()


def _order_on_paper(venue: OpenVenue, mara: Screen, port: int) -> None:
    mara.do(
        "configure_printer",
        printer_id="p1",
        printer_name="Papel",
        host="127.0.0.1",
        port=port,
        has_drawer=True,
    )
    mara.do("configure_station", station_id="papel", name="Papel", printer_id="p1")
    check_id = venue.check(mara)
    item = {"line_id": "l1", "name": TYPED, "note": TYPED, "unit_minor": 100, "station_id": "papel"}
    mara.do("add_open_item", check_id=check_id, line=item)
    mara.do("send_lines", check_id=check_id, fire_all=True)


def forged_codes(real: str) -> list[str]:
    """Codes close to a real one, and codes of no sort."""
    one_off = [real[:place] + ("A" if real[place] != "A" else "B") + real[place + 1 :] for place in range(len(real))]
    return [*one_off, "", real[:-1], real + "A", real * 2, "A" * 20, "' OR 1=1 --", "ñ🌶️", "\x00", "=" * 20]


def test_a_forged_or_replaced_table_code_opens_nothing(venue: OpenVenue) -> None:
    table_id = venue.table()
    real = venue.code_of(table_id)
    before = venue.seq()
    for code in forged_codes(real):
        response = venue.phone().join(code)
        assert (response.status_code, response.json()["code"]) == (404, "code_invalid"), code
        assert "set-cookie" not in response.headers
    assert venue.seq() == before
    venue.console.do("replace_table_code", table_id=table_id)
    replaced = venue.phone().join(real)
    assert (replaced.status_code, replaced.json()["code"]) == (410, "code_expired")
    assert venue.seq() == before + 1
    assert venue.phone().join(venue.code_of(table_id)).status_code == 200


def test_a_cookie_that_is_nobodys_reaches_nothing(venue: OpenVenue) -> None:
    before = venue.seq()
    for secret in ("", "x", "A" * 43, "A" * 4_000, "../../", "%00" * 10):
        phone = venue.phone()
        phone.http.cookies.set("hos_phone", secret)
        response = phone.post(phone.an_ask("call_waiter", {"call_id": fresh_id()}))
        assert (response.status_code, response.json()["code"]) == (409, "visit_over")
        assert phone.http.get("/guest-api/events").json()["code"] == "visit_over"
    assert venue.seq() == before


def test_wrong_pins_lock_a_person_out_and_nobody_else(venue: OpenVenue) -> None:
    venue.console.do("add_staff", staff_id="nina", staff_name="Nina", role="waiter", pin="314159")
    screen = venue.paired("pos")
    answers = [screen.sign_in("nina", "000000").json() for _ in range(5)]
    assert [answer["code"] for answer in answers] == ["pin_wrong"] * 4 + ["pin_locked"]
    assert [answer["facts"]["attempts_left"] for answer in answers[:4]] == [4, 3, 2, 1]
    locked = screen.sign_in("nina", "314159")
    assert (locked.status_code, locked.json()["code"]) == (409, "pin_locked")
    assert 0 < locked.json()["facts"]["retry_after_s"] <= 30
    assert int(locked.headers["retry-after"]) == locked.json()["facts"]["retry_after_s"]
    assert screen.sign_in("mara").status_code == 200
    for pin in ("", "x" * 13, "１２３４５６", "\x00" * 6):
        assert screen.sign_in("nina", pin).json()["code"] in {"pin_locked", "malformed"}
    approval = {"staff_id": "nina", "pin": "314159", "command_id": "c", "command_name": "void_line"}
    approval |= {"command_body": {"check_id": "c1", "line_id": "l1", "reason": "error"}}
    assert screen.http.post("/staff/approvals", json=approval).json()["code"] == "pin_locked"


def test_no_pin_is_in_the_log_the_answers_or_the_refusals(venue: OpenVenue) -> None:
    screen = venue.paired("pos")
    screen.sign_in("mara", "866421")
    screen.code("set_pin", staff_id="mara", pin="866421x")
    for table in ("log", "refusal", "command_done"):
        rows = repr(venue.rows(f"SELECT * FROM {table}"))
        assert "866421" not in rows, table


def test_a_revoked_screen_is_shut_out_at_once(venue: OpenVenue) -> None:
    lost = venue.paired("waiter", "leo")
    check_id = venue.check(lost, "agua")
    venue.console.do("revoke_device", device_id=lost.device_id)
    before = venue.seq()
    for path in ("/commands", "/staff/sign-in", "/staff/approvals"):
        body = {"commands": [lost.an_ask("send_lines", {"check_id": check_id})], "staff_id": "leo", "pin": "1"}
        response = lost.http.post(path, json=body)
        assert (response.status_code, response.json()["code"]) == (401, "device_revoked")
        assert response.json()["facts"]["at_ms"] > 0
    for path in ("/reports/x", "/tables/codes"):
        assert lost.http.get(path).json()["code"] == "device_revoked"
    stolen = venue.paired("waiter")
    stolen.session = lost.session  # the session of a screen that was lost, on another
    assert stolen.code("send_lines", check_id=check_id) == "needs_sign_in"
    assert venue.rows("SELECT 1 FROM log WHERE seq > ? AND kind = 'lines_sent'", before) == []


@pytest.mark.parametrize("app", ["waiter", "kds", "pos"])
def test_a_screen_may_not_ask_what_only_the_edge_itself_asks(venue: OpenVenue, app: str) -> None:
    screen = venue.paired(app)
    before = venue.seq()
    asks: dict[str, dict[str, Any]] = {
        "record_sign_in": {"session_id": "s", "staff_id": "mara", "on_device_id": screen.device_id},
        "record_approval": {
            "approval_id": "a", "approver_id": "mara", "for_command_id": "c", "for_command_name": "void_line",
        },
        "join_table": {"table_id": "t1", "phone_id": "p", "generation": 1, "visit_id": "v"},
        "ask_pairing": {"pairing_id": "p", "code": "1", "app": "pos", "device_name": "x", "key_digest": "k"},
        "submit_draft": {"draft_id": "d", "lines": [{"line_id": "l", "item_id": "agua"}]},
        "report_printed": {"job_id": "j", "printer_id": "p", "document": "receipt"},
    }  # fmt: skip
    assert {name: screen.code(name, **body) for name, body in asks.items()} == dict.fromkeys(asks, "not_for_device")
    assert venue.seq() == before


def test_a_command_asked_yesterday_or_tomorrow_counts_to_today(venue: OpenVenue, ana: Screen) -> None:
    now_ms = venue.health()["now_ms"]
    said: dict[int, tuple[int, str, str]] = {}
    for asked_at_ms in (0, 1, now_ms - DAY_MS, now_ms + DAY_MS, 2**53 - 1):
        check_id = fresh_id()
        answer = ana.ask("open_check", check_id=check_id, kind="counter", asked_at_ms=asked_at_ms)
        if asked_at_ms == 1:  # before Ana had signed in
            assert answer["outcome"] == "done", answer
        (said[asked_at_ms],) = venue.rows(
            "SELECT asked_at_ms, business_day, staff_id FROM log WHERE subject = ? AND kind = 'check_opened'", check_id
        )
    assert len({day for _, day, _ in said.values()}) == 1
    assert said[now_ms - DAY_MS][0] == now_ms - DAY_MS
    assert all(now_ms <= said[future][0] < now_ms + DAY_MS // 2 for future in (0, now_ms + DAY_MS, 2**53 - 1))
    for never in (-1, 2**53, BIG, 1.5, "now"):
        sent: httpx.Response = ana.post(ana.an_ask("open_check", {"check_id": "x"}, asked_at_ms=never))
        assert (sent.status_code, sent.json()["code"]) == (400, "malformed")
