"""The venue, its sections and tables, as devices see them."""

from collections.abc import Mapping
from sqlite3 import Connection

from edge.engine.slice import Key, View
from edge.staff.reads import REVISION, WHO
from shared.table_code import code_of
from shared.views.floor import SectionView, TableView, VenueView

_SCREENS = frozenset({"waiter", "pos", "kds", "manage", "console"})

_VENUE = f"""
SELECT t.venue_id, t.name, t.currency, t.language, t.timezone, t.cover_charge_minor, t.wifi_name, t.cutover_min,
  t.cover_charge_vat_bp, t.draft_expiry_s, t.max_waiting_drafts, {REVISION} FROM venue t {WHO} LIMIT 1
"""
_PAUSED = "SELECT COALESCE(MAX(paused_at_ms), 0) FROM draft_pause"
_LAST_DAY = "SELECT business_day FROM log ORDER BY seq DESC LIMIT 1"
_SECTIONS = f"""
SELECT t.section_id, t.name, t.position, t.width, t.height, t.staff_id, {REVISION}
FROM section t {WHO} WHERE t.section_id IN ({{marks}})
"""
_TABLES = f"""
SELECT t.code_generation, {REVISION}, t.table_id, t.section_id, t.label, t.shape, t.seats, t.x, t.y, t.width, t.height
FROM dining_table t {WHO} WHERE t.is_removed = 0 AND t.table_id IN ({{marks}})
"""


def venue(conn: Connection, keys: list[str]) -> Mapping[str, VenueView]:
    """The venue's settings, once it was configured."""
    row = conn.execute(_VENUE).fetchone()
    if row is None:
        return {}
    view = VenueView(
        **dict(zip(_VENUE_COLUMNS, row, strict=True)),
        business_day=_business_day(conn),
        drafts_paused_at_ms=conn.execute(_PAUSED).fetchone()[0],
    )
    return {"venue": view}


def sections(conn: Connection, section_ids: list[str]) -> Mapping[str, SectionView]:
    """Sections by id."""
    marks = ",".join("?" * len(section_ids))
    rows = conn.execute(_SECTIONS.format(marks=marks), section_ids)
    names = SectionView.__struct_fields__
    return {row[0]: SectionView(**dict(zip(names, row, strict=True))) for row in rows}


def tables(conn: Connection, table_ids: list[str]) -> Mapping[str, TableView]:
    """Tables on the plan by id, with their code and the party there now."""
    marks = ",".join("?" * len(table_ids))
    visits = {
        table_id: (visit_id, phones)
        for table_id, visit_id, phones in conn.execute(
            "SELECT table_id, visit_id, phones FROM visit"
            f" WHERE state = 'open' AND table_id IN ({marks}) ORDER BY check_id = '' DESC, opened_at_ms DESC, visit_id DESC",
            table_ids,
        )
    }
    (secret,) = conn.execute("SELECT value FROM venue_secret WHERE name = 'table_codes'").fetchone()
    rows = conn.execute(_TABLES.format(marks=marks), table_ids)
    found = {}
    for generation, rev, changed_by_name, changed_at_ms, *columns in rows:
        table_id = columns[0]
        visit_id, phones = visits.get(table_id, ("", 0))
        found[table_id] = TableView(
            **dict(zip(_TABLE_FIELDS, columns, strict=True)),
            code_path=f"/t/{code_of(table_id, generation, secret)}",
            visit_id=visit_id,
            phones=phones,
            rev=rev,
            changed_by_name=changed_by_name,
            changed_at_ms=changed_at_ms,
        )
    return found


_TABLE_FIELDS = TableView.__struct_fields__[:9]
_VENUE_COLUMNS = (
    *("venue_id", "name", "currency", "language", "timezone", "cover_charge_minor", "wifi_name", "cutover_min"),
    *("cover_charge_vat_bp", "draft_expiry_s", "max_waiting_drafts", "rev", "changed_by_name", "changed_at_ms"),
)


def _business_day(conn: Connection) -> str:
    """The day of the last entry; "" before the first."""
    row = conn.execute(_LAST_DAY).fetchone()
    return str(row[0]) if row else ""


def _always_venue(key: Key) -> str:
    return "venue"


def _section_id(key: Key) -> str:
    return str(key["section_id"])


def _table_id(key: Key) -> str:
    return str(key["table_id"])


def _the_venue(conn: Connection) -> list[str]:
    return ["venue"]


def _all_sections(conn: Connection) -> list[str]:
    return [id for (id,) in conn.execute("SELECT section_id FROM section")]


def _all_tables(conn: Connection) -> list[str]:
    return [id for (id,) in conn.execute("SELECT table_id FROM dining_table WHERE is_removed = 0")]


VENUE = View(
    kind="venue",
    roles=_SCREENS,
    touches=dict.fromkeys(("venue", "z_report", "drawer_session", "draft_pause"), _always_venue),
    load=venue,
    current=_the_venue,
)
SECTION = View(kind="section", roles=_SCREENS, touches={"section": _section_id}, load=sections, current=_all_sections)
TABLE = View(
    kind="table",
    roles=_SCREENS,
    touches={"dining_table": _table_id, "table_stay": _table_id},
    load=tables,
    current=_all_tables,
)
