"""Rows of tenants and venues, in."""

from cloud.engine.database import Connection
from cloud.venues.state import NewTenant, NewVenue


async def put_tenant(conn: Connection, tenant: NewTenant, *, now_ms: int) -> None:
    """Enrol the tenant, or give it its present name and NATS account."""
    await conn.execute(
        "INSERT INTO tenant (tenant_id, name, account, created_at_ms) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (tenant_id) DO UPDATE SET name = excluded.name, account = excluded.account",
        (tenant.tenant_id, tenant.name, tenant.account, now_ms),
    )


async def put_venue(conn: Connection, tenant_id: str, venue: NewVenue, *, now_ms: int) -> None:
    """Enrol the venue with an empty log that the first edge may claim, or give it its present name."""
    await conn.execute(
        "INSERT INTO venue (tenant_id, venue_id, name, created_at_ms) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (tenant_id, venue_id) DO UPDATE SET name = excluded.name",
        (tenant_id, venue.venue_id, venue.name, now_ms),
    )
    await conn.execute(
        "INSERT INTO venue_head (tenant_id, venue_id) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (tenant_id, venue.venue_id),
    )
