"""Three days of a venue, spoken over HTTP: with all that an update must not lose."""

import contextlib
import json
import sqlite3
import time
from itertools import count
from pathlib import Path
from typing import Any

import httpx

PIN = "271828"
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
START_MS = 1_793_548_800_000  # noon in Buenos Aires, 2026-11-01
STAFF = {"ana": "waiter", "leo": "waiter", "caro": "cashier", "mara": "manager"}
MENU = {
    "categories": [{"id": "todo", "name": "Todo"}],
    "items": [
        {"id": "agua", "category_id": "todo", "name": "Agua", "station_id": "barra", "price_minor": 150_000},
        {
            "id": "empanada",
            "category_id": "todo",
            "name": "Empanada",
            "station_id": "cocina",
            "price_minor": 120_000,
            "vat_bp": 1050,
        },
        {
            "id": "bife",
            "category_id": "todo",
            "name": "Bife",
            "station_id": "cocina",
            "course": 2,
            "price_minor": 1_200_000,
            "group_ids": ["punto"],
        },
        {
            "id": "flan",
            "category_id": "todo",
            "name": "Flan",
            "station_id": "cocina",
            "course": 3,
            "price_minor": 400_000,
        },
    ],
    "groups": [
        {
            "id": "punto",
            "name": "Punto",
            "min": 1,
            "modifiers": [
                {"id": "jugoso", "name": "Jugoso"},
                {"id": "cocido", "name": "Cocido", "price_minor": 10_000},
            ],
        }
    ],
}
BIFE = {"item_id": "bife", "modifier_ids": ["punto/cocido"], "note": "sin sal"}


#: What a party of two with three empanadas and a bife owes, and a tab with an empanada and a flan.
TABLE_MINOR = 3 * 120_000 + 1_210_000 + 2 * 50_000
TAB_MINOR = 120_000 + 400_000


class Screen:
    """A paired screen, the console or, without a key, a phone."""

    def __init__(self, venue: "ServingVenue", key: str = "") -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.http = httpx.Client(base_url=venue.address, headers=headers, timeout=120, trust_env=False, verify=False)
        self.key = key
        self.session = ""
        self._venue = venue
        self._door = "/commands" if key else "/guest-api/commands"

    def ask(self, name: str, /, **body: Any) -> dict[str, Any]:
        """What became of one command, asked at the venue's time."""
        one: dict[str, Any] = {"id": f"made-{next(self._venue.ids)}", "name": name, "body": body}
        if self._door == "/commands":
            one |= {"asked_at_ms": self._venue.now_ms, "staff_session": self.session}
        answered = self.http.post(self._door, json={"commands": [one]}).json()
        assert "answers" in answered, answered
        answers: list[dict[str, Any]] = answered["answers"]
        return answers[0]

    def do(self, name: str, /, **body: Any) -> int:
        """One command that must be done; the last entry it wrote."""
        answer = self.ask(name, **body)
        assert answer["outcome"] == "done", (name, answer)
        return int(answer["seq"])

    def refused(self, name: str, /, **body: Any) -> str:
        """One command that must not be done; the code."""
        answer = self.ask(name, **body)
        assert answer["outcome"] == "refused", (name, answer)
        return str(answer["code"])

    def signs_in(self, staff_id: str) -> "Screen":
        """Somebody signs in here."""
        response = self.http.post("/staff/sign-in", json={"staff_id": staff_id, "pin": PIN})
        assert response.status_code == 200, response.text
        self.session = response.json()["session"]
        return self


class ServingVenue:
    """An edge that serves, and everybody's screens."""

    def __init__(self, address: str, data_dir: Path, *, printer_port: int = 0, first_id: int = 1) -> None:
        self.address = address
        self.data_dir = data_dir
        self.now_ms = START_MS
        self.ids = count(first_id)
        self.printer_port = printer_port
        self._screens: list[Screen] = []
        self.console = self.screen((data_dir / "console.key").read_text(encoding="ascii"))

    def screen(self, key: str = "") -> Screen:
        """A client with that key; a phone without one."""
        made = Screen(self, key)
        self._screens.append(made)
        return made

    def close(self) -> None:
        """Let go of every connection."""
        for screen in self._screens:
            screen.http.close()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What is committed."""
        with contextlib.closing(sqlite3.connect(f"file:{self.data_dir / 'venue.db'}?mode=ro", uri=True)) as conn:
            return conn.execute(sql).fetchall()

    def waits_for_paper(self) -> None:
        """Until the printer that works has printed every ticket.

        Raises:
            AssertionError: it has not after two minutes.
        """
        deadline = time.monotonic() + 120
        while self.rows("SELECT 1 FROM ticket WHERE station_id = 'cocina' AND printed_at_ms = 0"):
            assert time.monotonic() < deadline, "a ticket is not on paper"
            time.sleep(0.05)

    def keeps_screens(self, **screens: Screen) -> None:
        """Write down the keys and sessions of these, as the screens themselves would."""
        kept = {name: [one.key, one.session] for name, one in screens.items()}
        (self.data_dir / "screens.json").write_text(json.dumps(kept), encoding="utf-8")

    def kept_screen(self, name: str) -> Screen:
        """A screen as it was left."""
        key, session = json.loads((self.data_dir / "screens.json").read_text(encoding="utf-8"))[name]
        made = self.screen(key)
        made.session = session
        return made

    def open_tickets(self) -> list[str]:
        """What the kitchen has to make."""
        return [str(id) for (id,) in self.rows("SELECT ticket_id FROM ticket WHERE state = 'open' ORDER BY ticket_id")]

    def passes(self, ms: int) -> None:
        """Time goes by."""
        self.now_ms += ms

    def paired(self, app: str, **place: str) -> Screen:
        """A new screen that was let in."""
        asked = self.screen().http.post("/devices/pairings", json={"app": app, "device_name": f"El {app}"}).json()
        self.console.do("approve_pairing", pairing_id=asked["pairing_id"], role=app, **place)
        return self.screen(asked["key"])

    def phone_at(self, table_id: str) -> Screen:
        """A guest's phone that scanned the code of a table."""
        codes = self.console.http.get("/tables/codes").json()
        code = next(str(one["code"]) for one in codes if one["table_id"] == table_id)
        made = self.screen()
        assert made.http.post("/guest-api/join", json={"code": code}).status_code == 200
        return made

    def opens(self) -> None:
        """Rooms, people, printers and a menu."""
        console = self.console
        console.do("configure_venue", name="La Prueba", cover_charge_minor=50_000, wifi_name="prueba")
        console.do("draw_section", section_id="salon", name="Salón")
        for n in range(1, 7):
            console.do("draw_table", table_id=f"t{n}", section_id="salon", label=str(n), seats=4)
        printers = {"p-cocina": self.printer_port, "p-rota": 9}
        for id, port in printers.items():
            console.do(
                "configure_printer",
                printer_id=id,
                printer_name=id,
                host="127.0.0.1",
                port=port,
                is_receipt=id == "p-cocina",
            )
        console.do("configure_station", station_id="cocina", name="Cocina", printer_id="p-cocina")
        console.do("configure_station", station_id="barra", name="Barra", printer_id="p-rota")
        console.do("publish_menu", menu=MENU)
        for staff_id, role in STAFF.items():
            console.do("add_staff", staff_id=staff_id, staff_name=staff_id.title(), role=role, pin=PIN)


def three_days(venue: ServingVenue) -> None:
    """Two days with their Z, and an evening that is under way."""
    venue.opens()
    ana = venue.paired("waiter").signs_in("ana")
    till = venue.paired("pos", drawer_id="caja").signs_in("mara")
    kitchen = venue.paired("kds", station_id="cocina")
    for day in (1, 2):
        a_day(venue, ana, till, kitchen, day)
        till.do("close_day")
        venue.passes(DAY_MS - 2 * HOUR_MS)
    under_way(venue, ana, till)
    venue.keeps_screens(ana=ana, till=till, kitchen=kitchen)


def a_day(venue: ServingVenue, ana: Screen, till: Screen, kitchen: Screen, day: int) -> None:
    """A drawer from float to count, a table that ordered by phone, a tab of two courses, a void."""
    till.do("open_drawer", session_id=f"caja-{day}", drawer_id="caja", drawer_name="Caja", float_minor=1_000_000)
    phone = venue.phone_at(f"t{day}")
    lines = [{"line_id": f"d{day}-1", "item_id": "empanada", "quantity": 3}, {"line_id": f"d{day}-2", **BIFE}]
    phone.do("submit_draft", draft_id=f"draft-{day}", lines=lines, note="Somos dos", allergies=["nuts"])
    ana.do("confirm_draft", draft_id=f"draft-{day}", check_id=f"table-{day}", covers=2)
    ana.do("send_lines", check_id=f"table-{day}", fire_all=True)
    venue.waits_for_paper()
    phone.do("submit_draft", draft_id=f"no-{day}", lines=[{"line_id": f"n{day}-1", "item_id": "flan"}])
    ana.do("reject_draft", draft_id=f"no-{day}", reason="sold_out")
    phone.do("ask_bill", call_id=f"bill-{day}", tender="cash")
    ana.do("print_guest_check", check_id=f"table-{day}")
    tab_of_two_courses(venue, ana, till, kitchen, day)
    till.do("take_payment", payment_id=f"pay-{day}", check_id=f"table-{day}", **in_cash(TABLE_MINOR))
    till.do("move_cash", session_id=f"caja-{day}", kind="payout", amount_minor=100_000, reason="hielo")
    till.do("open_drawer_without_sale", session_id=f"caja-{day}", reason="cambio")
    till.do("count_drawer", session_id=f"caja-{day}", counted_minor=2_000_000)
    venue.passes(2 * HOUR_MS)


def tab_of_two_courses(venue: ServingVenue, ana: Screen, till: Screen, kitchen: Screen, day: int) -> None:
    """Sent, cooked, one dish void, paid by card with a tip."""
    check_id = f"tab-{day}"
    ana.do("open_check", check_id=check_id, kind="tab", name="Fede")
    lines = [{"line_id": f"{n}", "item_id": item} for n, item in enumerate(("empanada", "agua", "flan"))]
    ana.do("add_lines", check_id=check_id, lines=lines)
    ana.do("send_lines", check_id=check_id)
    venue.waits_for_paper()
    venue.passes(HOUR_MS)
    ana.do("fire_course", check_id=check_id, course=3)
    venue.waits_for_paper()
    till.do("void_line", check_id=check_id, line_id="1", reason="error")
    for ticket_id in venue.open_tickets():
        kitchen.do("bump_ticket", ticket_id=ticket_id)
    body = {"tender": "card", "amount_minor": TAB_MINOR, "tip_minor": 50_000, "reference": "0042"}
    till.do("take_payment", payment_id=f"card-{day}", check_id=check_id, **body)


def under_way(venue: ServingVenue, ana: Screen, till: Screen) -> None:
    """An evening with everything open, and with what was refused."""
    till.do("open_drawer", session_id="caja-3", drawer_id="caja", drawer_name="Caja", float_minor=500_000)
    for n, table_id in enumerate(("t3", "t4", "t5"), start=1):
        phone = venue.phone_at(table_id)
        phone.do("submit_draft", draft_id=f"open-{n}", lines=[{"line_id": f"o{n}", "item_id": "empanada"}])
    ana.do("claim_draft", draft_id="open-2")
    ana.do("confirm_draft", draft_id="open-3", check_id="open-check", covers=4)
    ana.do("add_lines", check_id="open-check", lines=[{"line_id": "held", "item_id": "flan"}])
    ana.do("eighty_six_item", item_id="bife")
    venue.console.do("approve_pairing", pairing_id=(asked := ask_to_pair(venue))["pairing_id"], role="waiter")
    venue.console.do("revoke_device", device_id=asked["pairing_id"])
    assert ana.refused("void_line", check_id="nowhere", line_id="1", reason="error") == "check_unknown"
    assert till.refused("open_drawer", session_id="other", drawer_id="caja", float_minor=0) == "drawer_open"


def ask_to_pair(venue: ServingVenue) -> dict[str, Any]:
    """A screen that asks to be let in."""
    asked: dict[str, Any] = (
        venue.screen().http.post("/devices/pairings", json={"app": "waiter", "device_name": "Perdido"}).json()
    )
    return asked


def in_cash(amount_minor: int) -> dict[str, Any]:
    """A payment in cash with change."""
    return {"tender": "cash", "amount_minor": amount_minor, "tendered_minor": amount_minor + 100_000}
