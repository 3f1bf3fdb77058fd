"""A venue in service on loopback, as a program of its own, with screens and phones that speak plain HTTP to it."""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import msgspec

from edge.app import SLICES
from edge.engine.database import connect_reader
from edge.engine.projector import Projector, verify
from edge.settings import Settings
from installer.demo.edge_client import fresh_id
from shared.commands import Command
from shared.commands.cash import OpenDrawer
from shared.commands.floor import ConfigureVenue, DrawTable
from shared.commands.staff import AddStaff
from shared.ops import decode
from tests.crash.edge_program import EdgeProgram
from tests.service import opening_time

PIN = "271828"
PATIENCE_S = 120
TABLES = tuple(f"t{n}" for n in range(1, 51))
#: Who works here, and their role.
STAFF = {"ana": "waiter", "leo": "waiter", "caro": "cashier", "mara": "manager"}

Body = Mapping[str, Any]


def as_json(value: Any) -> bytes:
    """As a program without much care would send it: halves of emoji, NaN and all."""
    return json.dumps(value).encode()


class Screen:
    """A client with a key of its own, and perhaps somebody signed in."""

    def __init__(self, address: str, key: str = "", *, device_id: str = "") -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.http = httpx.Client(base_url=address, headers=headers, timeout=PATIENCE_S, trust_env=False, verify=False)
        self.key = key
        self.device_id = device_id
        self.session = ""

    def an_ask(self, name: str, body: Body, *, id: str = "", **more: Any) -> dict[str, Any]:
        """One command as it travels."""
        return {"id": id or fresh_id(), "name": name, "body": body, "staff_session": self.session, **more}

    def post(self, *asks: Body) -> httpx.Response:
        """The whole answer to one request at the door."""
        return self.http.post("/commands", content=as_json({"commands": asks}))

    def ask(self, name: str, /, *, id: str = "", asked_at_ms: int = 0, **body: Any) -> dict[str, Any]:
        """What became of one command."""
        answered = self.post(self.an_ask(name, body, id=id, asked_at_ms=asked_at_ms)).json()
        answers: list[dict[str, Any]] = answered["answers"]
        return answers[0]

    def do(self, name: str, /, **body: Any) -> int:
        """One command that must be done; the last entry it wrote."""
        answer = self.ask(name, **body)
        assert answer["outcome"] == "done", answer
        return int(answer["seq"])

    def code(self, name: str, /, **body: Any) -> str:
        """The code that one command is refused with; empty when it is done."""
        return str(self.ask(name, **body).get("code", ""))

    def sign_in(self, staff_id: str, pin: str = PIN) -> httpx.Response:
        """Sign a person in here."""
        response = self.http.post("/staff/sign-in", json={"staff_id": staff_id, "pin": pin})
        if response.status_code == 200:
            self.session = response.json()["session"]
        return response


class Phone(Screen):
    """A guest's browser."""

    def join(self, code: str) -> httpx.Response:
        """Scan a table's code."""
        return self.http.post("/guest-api/join", json={"code": code})

    def post(self, *asks: Body) -> httpx.Response:
        """The whole answer to one request at the public door."""
        plain = [{"id": one["id"], "name": one["name"], "body": one["body"]} for one in asks]
        return self.http.post("/guest-api/commands", content=as_json({"commands": plain}))


class OpenVenue:
    """The program, its data, and everybody's clients."""

    def __init__(self, program: EdgeProgram) -> None:
        self.program = program
        self.data_dir = program.settings.data_dir
        self.address = program.address
        self._clients: list[Screen] = []
        self._tables = iter(TABLES)
        self._names = count(1)
        self.console = self.screen(program.console_key)

    def screen(self, key: str = "", *, device_id: str = "") -> Screen:
        """A client with that key."""
        made = Screen(self.address, key, device_id=device_id)
        self._clients.append(made)
        return made

    def close(self) -> None:
        """Let go of every connection."""
        for client in self._clients:
            client.http.close()

    def set_up(self) -> None:
        """Rooms, tables, menu, people and an open drawer."""
        tables = [DrawTable(table_id=id, section_id="salon", label=id) for id in TABLES[2:]]
        people = [AddStaff(staff_id=id, staff_name=id.title(), role=role, pin=PIN) for id, role in STAFF.items()]
        drawer = OpenDrawer(session_id="caja", drawer_id="caja", float_minor=0)
        self.command(ConfigureVenue(name="Prueba"), *opening_time(), *tables, *people, drawer)

    def command(self, *commands: Command) -> None:
        """The technician asks commands that must be done."""
        for start in range(0, len(commands), 60):
            asks = [
                self.console.an_ask(str(one.__struct_config__.tag), msgspec.to_builtins(one))
                for one in commands[start : start + 60]
            ]
            answered = self.console.post(*asks).json()
            assert {one["outcome"] for one in answered["answers"]} == {"done"}, answered

    def paired(self, app: str, staff_id: str = "") -> Screen:
        """A new screen that was let in, with somebody signed in."""
        asked = self.screen().http.post("/devices/pairings", json={"app": app, "device_name": app}).json()
        place = {"drawer_id": "caja"} if app == "pos" else {}
        self.console.do("approve_pairing", pairing_id=asked["pairing_id"], role=app, **place)
        made = self.screen(asked["key"], device_id=asked["pairing_id"])
        if staff_id:
            assert made.sign_in(staff_id).status_code == 200
        return made

    def phone(self) -> Phone:
        """A phone that has never been here."""
        made = Phone(self.address)
        self._clients.append(made)
        return made

    def seated(self) -> Phone:
        """A phone at a table of its own."""
        made = self.phone()
        assert made.join(self.code_of(self.table())).status_code == 200
        return made

    def table(self) -> str:
        """A table that nobody sits at."""
        return next(self._tables)

    def code_of(self, table_id: str) -> str:
        """What the QR of a table says."""
        codes = self.console.http.get("/tables/codes").json()
        return next(str(one["code"]) for one in codes if one["table_id"] == table_id)

    def check(self, screen: Screen, *items: str) -> str:
        """A counter check with a line for each item, ids `<check>-0`, `<check>-1` …"""
        check_id = fresh_id()
        screen.do("open_check", check_id=check_id, kind="counter")
        if items:
            lines = [{"line_id": f"{check_id}-{n}", "item_id": item} for n, item in enumerate(items)]
            screen.do("add_lines", check_id=check_id, lines=lines)
        return check_id

    def health(self) -> dict[str, Any]:
        """How the edge says it is."""
        response = self.console.http.get("/health")
        assert response.status_code == 200, response.text
        return dict(response.json())

    def journal(self) -> str:
        """What its program has said so far."""
        return self.program.program.log.read_text(encoding="utf-8", errors="replace")

    def seq(self) -> int:
        """How many entries the log has."""
        return int(self.health()["seq"])

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What is committed."""
        with contextlib.closing(connect_reader(self.program.settings.database)) as conn:
            return list(conn.execute(sql, values))

    def problems(self) -> list[str]:
        """Everything that `verify` finds wrong."""
        with contextlib.closing(connect_reader(self.program.settings.database)) as conn:
            conn.execute("BEGIN")
            return verify(conn, Projector(SLICES, decode), SLICES)

    def copied_to(self, target: Path) -> sqlite3.Connection:
        """A whole copy of the database that may be damaged."""
        with contextlib.closing(connect_reader(self.program.settings.database)) as conn:
            copy = sqlite3.connect(target, isolation_level=None)
            conn.backup(copy)
            return copy


@contextlib.contextmanager
def an_open_venue(data_dir: Path, *, log: Path | None = None) -> Iterator[OpenVenue]:
    """A venue that was set up; its program ends with the test. What it says goes to `log`."""
    program = EdgeProgram(Settings(data_dir=data_dir))
    program.program.log = log or program.program.log
    asyncio.run(program.start())
    venue = OpenVenue(program)
    try:
        venue.set_up()
        yield venue
    finally:
        venue.close()
        program.stop()
