"""The venue's database as a technician may look at it: nothing can be written, no secret is read, views have plain names."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from edge.engine.database import connect_reader

if TYPE_CHECKING:
    from sqlite_utils import Database

#: Hashes of PINs, keys of screens, the secret of the tables' codes: they go into no answer and no export.
SECRET_TABLES = frozenset({"device_key", "venue_secret"})
SECRET_COLUMNS = frozenset({("person", "pin_hash")})
_READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
_PRAGMAS = frozenset({"table_info", "table_xinfo", "page_size", "page_count", "foreign_key_list", "index_list"})

_AGAIN_S = 0.01

_AT = "strftime('%Y-%m-%d %H:%M:%S', {column} / 1000, 'unixepoch')"
_PERSON = "(SELECT name FROM person p WHERE p.staff_id = {column})"


def _at(column: str) -> str:
    return f"CASE WHEN {column} > 0 THEN {_AT.format(column=column)} END"


def _money(column: str) -> str:
    return f"round({column} / 100.0, 2)"


def _person(column: str) -> str:
    return _PERSON.format(column=column)


#: Views with plain names: money as a decimal number, moments in UTC, people by name.
VIEWS: dict[str, str] = {
    "readable_checks": f"""
SELECT c.number, c.business_day, c.closed_day, c.state, c.kind, c.table_label AS "table", c.name,
  {_person("c.waiter_id")} AS waiter, c.covers, {_at("c.opened_at_ms")} AS opened_utc, {_at("c.closed_at_ms")} AS closed_utc,
  {_money("c.lines_minor")} AS dishes, {_money("c.cover_charge_minor")} AS cover_charge,
  {_money("c.adjustments_minor")} AS adjustments, {_money("c.total_minor")} AS total, {_money("c.vat_minor")} AS vat, {_money("c.tips_minor")} AS tips, c.check_id
FROM checks c ORDER BY c.opened_at_ms""",
    "readable_lines": f"""
SELECT c.number AS check_number, c.business_day, l.name AS dish, l.variant_name AS variant, l.quantity,
  {_money("l.unit_minor")} AS price, {_money("l.gross_minor")} AS amount, l.vat_bp / 100.0 AS vat_percent, l.course,
  (SELECT name FROM station s WHERE s.station_id = l.station_id) AS station, l.state, l.note, {_person("l.added_by")} AS added_by,
  {_at("l.added_at_ms")} AS added_utc, {_at("l.sent_at_ms")} AS sent_utc, {_at("l.ready_at_ms")} AS ready_utc, l.check_id
FROM check_line l JOIN checks c ON c.check_id = l.check_id ORDER BY c.opened_at_ms, l.position""",
    "readable_voids": f"""
SELECT c.number AS check_number, v.business_day, v.name AS dish, v.quantity, {_money("v.gross_minor")} AS amount,
  v.was_sent, v.reason, {_person("v.voided_by")} AS voided_by, {_person("v.approved_by")} AS approved_by,
  {_at("v.voided_at_ms")} AS voided_utc
FROM line_void v JOIN checks c ON c.check_id = v.check_id ORDER BY v.voided_at_ms""",
    "readable_adjustments": f"""
SELECT c.number AS check_number, c.closed_day, c.state AS check_state, a.kind,
  (SELECT name FROM check_line l WHERE l.check_id = a.check_id AND l.line_id = a.line_id) AS dish,
  {_money("a.amount_minor")} AS amount, a.rate_bp / 100.0 AS percent, a.reason, {_person("a.given_by")} AS given_by,
  {_person("a.approved_by")} AS approved_by, {_at("a.given_at_ms")} AS given_utc, a.state, a.over_cause,
  {_person("a.over_by")} AS over_by, {_at("a.over_at_ms")} AS over_utc, a.check_id
FROM adjustment a JOIN checks c ON c.check_id = a.check_id ORDER BY a.given_at_ms, a.position""",
    "readable_payments": f"""
SELECT c.number AS check_number, p.business_day, p.tender, {_money("p.amount_minor")} AS amount,
  {_money("p.change_minor")} AS "change", p.reference, {_person("p.taken_by")} AS taken_by, {_at("p.taken_at_ms")} AS taken_utc
FROM payment p JOIN checks c ON c.check_id = p.check_id ORDER BY p.taken_at_ms""",
    "readable_tips": f"""
SELECT t.business_day, {_person("t.waiter_id")} AS waiter, t.tender, {_money("t.amount_minor")} AS amount,
  {_at("t.given_at_ms")} AS given_utc FROM tip t ORDER BY t.given_at_ms""",
    "readable_drawers": f"""
SELECT d.drawer_name AS drawer, {_person("d.purse_of")} AS purse_of, d.business_day, d.state, {_money("d.float_minor")} AS "float",
  {_money("d.expected_minor")} AS expected, {_money("d.counted_minor")} AS counted, {_money("d.over_short_minor")} AS over_short,
  {_person("d.opened_by")} AS opened_by, {_at("d.opened_at_ms")} AS opened_utc, {_person("d.counted_by")} AS counted_by,
  {_at("d.counted_at_ms")} AS counted_utc FROM drawer_session d ORDER BY d.opened_at_ms""",
    "readable_cash_movements": f"""
SELECT d.drawer_name AS drawer, {_person("d.purse_of")} AS purse_of, m.business_day, m.kind, {_money("m.amount_minor")} AS amount, m.reason,
  {_person("m.moved_by")} AS moved_by, {_at("m.moved_at_ms")} AS moved_utc
FROM cash_movement m JOIN drawer_session d ON d.session_id = m.session_id ORDER BY m.moved_at_ms""",
    "readable_refusals": f"""
SELECT {_at("r.at_ms")} AS at_utc, r.name AS command, r.code, {_person("r.staff_id")} AS person,
  (SELECT name FROM device d WHERE d.device_id = r.device_id) AS device FROM refusal r ORDER BY r.id""",
    "readable_log": f"""
SELECT l.seq, {_at("(l.hlc >> 16)")} AS at_utc, l.business_day, l.kind, l.subject, {_person("l.staff_id")} AS person,
  (SELECT name FROM device d WHERE d.device_id = l.device_id) AS device, CAST(l.body AS TEXT) AS op FROM log l ORDER BY l.seq""",
}  # fmt: skip


class TookTooLong(Exception):
    """A question went on past its deadline and was interrupted."""

    def __init__(self, deadline_s: float) -> None:
        super().__init__(f"it took longer than {deadline_s:g} s")
        self.deadline_s = deadline_s


@contextlib.contextmanager
def opened(path: Path, *, deadline_s: float = 0) -> Iterator[Database]:
    """The database in one moment, with the readable views; a statement that writes or reads a secret is refused.

    A moment that lasts keeps SQLite from tidying its log, which grows with every sale meanwhile: so it has an end.

    Raises:
        TookTooLong: more than `deadline_s` went by; 0 waits for ever.
    """
    from sqlite_utils import Database  # not above: 0.4 s that an edge which starts to serve need not spend

    conn = connect_reader(path)
    try:
        conn.execute("PRAGMA query_only = 0")  # for the views, which are this connection's alone
        for name, sql in VIEWS.items():
            conn.execute(f"CREATE TEMP VIEW {name} AS {sql}")
        conn.execute("PRAGMA query_only = 1")
        conn.execute("BEGIN")
        database = Database(conn, execute_plugins=False)
        conn.set_authorizer(_allowed)
        with _interrupted_after(conn, deadline_s):
            yield database
    finally:
        conn.close()


@contextlib.contextmanager
def _interrupted_after(conn: sqlite3.Connection, deadline_s: float) -> Iterator[None]:
    is_over = threading.Event()

    def watch() -> None:
        wait_s = min(deadline_s, threading.TIMEOUT_MAX)
        while not is_over.wait(wait_s):
            conn.interrupt()  # again and again: one that comes between two statements stops neither
            wait_s = _AGAIN_S

    watching = threading.Thread(target=watch, name="deadline", daemon=True)
    if deadline_s:
        watching.start()
    try:
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            raise TookTooLong(deadline_s) from None
        raise
    finally:
        is_over.set()
        if deadline_s:
            watching.join()


def is_secret(table: str, column: str = "") -> bool:
    """Whether it holds what leaves the venue in no export."""
    return table in SECRET_TABLES or (table, column) in SECRET_COLUMNS


def _allowed(action: int, first: str | None, second: str | None, database: str | None, inner: str | None) -> int:
    if action == sqlite3.SQLITE_READ:
        return sqlite3.SQLITE_DENY if is_secret(str(first), str(second)) else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if first in _PRAGMAS else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY
