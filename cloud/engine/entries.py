"""A venue's log in Postgres: append what continues it, read a range."""

from collections.abc import Sequence

from cloud.engine.database import Connection, rows
from shared.entry import Entry

_COLUMNS = (
    "seq, epoch, id, kind, version, hlc, asked_at_ms, business_day, subject, staff_id, device_id, command_id,"
    " origin_epoch, origin_seq, training, body, digest"
)
_TYPES = (
    "bigint", "bigint", "bytea", "text", "integer", "bigint", "bigint", "text", "text", "text", "text", "text",
    "bigint", "bigint", "boolean", "bytea", "bytea",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO entries (tenant_id, venue_id, {_COLUMNS}) SELECT %s, %s, *"
    f" FROM unnest({', '.join(f'%b::{kind}[]' for kind in _TYPES)})"  # as text it would take three times as long
)
_SELECT = f"SELECT {_COLUMNS} FROM entries WHERE tenant_id = %s AND venue_id = %s AND seq > %s ORDER BY seq LIMIT %s"


async def append(conn: Connection, tenant_id: str, venue_id: str, entries: Sequence[Entry]) -> None:
    """Store entries, whose place the caller has secured with the head row in the same transaction.

    Raises:
        psycopg.errors.UniqueViolation: the log holds an entry with the same number or id.
    """
    columns = [list(column) for column in zip(*map(_row_of, entries), strict=True)]
    await conn.execute(_INSERT.encode(), (tenant_id, venue_id, *columns))


async def read(conn: Connection, tenant_id: str, venue_id: str, *, after: int, limit: int) -> list[Entry]:
    """At most `limit` entries after `after`, in order."""
    return [
        Entry(
            seq=seq, epoch=epoch, id=id, kind=kind, version=version, hlc=hlc, asked_at_ms=asked_at_ms,
            business_day=business_day, subject=subject, staff_id=staff_id, device_id=device_id, command_id=command_id,
            origin_epoch=origin_epoch, origin_seq=origin_seq, training=training, body=body, digest=digest,
        )
        for (
            seq, epoch, id, kind, version, hlc, asked_at_ms, business_day, subject, staff_id, device_id, command_id,
            origin_epoch, origin_seq, training, body, digest,
        ) in await rows(conn, _SELECT, (tenant_id, venue_id, after, limit), binary=True)
    ]  # fmt: skip


def _row_of(entry: Entry) -> tuple[object, ...]:
    return (
        entry.seq, entry.epoch, entry.id, entry.kind, entry.version, entry.hlc, entry.asked_at_ms, entry.business_day,
        entry.subject, entry.staff_id, entry.device_id, entry.command_id, entry.origin_epoch, entry.origin_seq,
        entry.training, entry.body, entry.digest,
    )  # fmt: skip
