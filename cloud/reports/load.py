"""The tenant's venues with what their figures depend on."""

from cloud.engine.database import Connection, rows
from cloud.reports.state import SILENT_AFTER_MS, Venue, known_timezone
from shared.answers.reports import VenueAge

_SELECT = """
SELECT v.venue_id, COALESCE(s.name, v.name), COALESCE(s.currency, ''), COALESCE(s.timezone, 'UTC'),
       COALESCE(s.cutover_min, 0), h.acked, h.edge_last, h.last_entry_ms, h.last_seen_ms, h.refusal,
       COALESCE((SELECT MIN(COALESCE(c.seq, o.seq, 0))  -- the first release kept its cursors elsewhere
                   FROM projection_made p
                   LEFT JOIN projection_stand c
                     ON c.made = p.made AND c.tenant_id = v.tenant_id AND c.venue_id = v.venue_id
                   LEFT JOIN projection_cursor o
                     ON o.projection = p.projection AND o.fingerprint = p.fingerprint
                    AND o.tenant_id = v.tenant_id AND o.venue_id = v.venue_id
                  WHERE p.is_shown), 0),
       EXISTS (SELECT 1 FROM projection_stand c JOIN projection_made p USING (made)
                WHERE p.is_shown AND c.stop_seq > 0 AND c.tenant_id = v.tenant_id AND c.venue_id = v.venue_id)
  FROM venue v
  JOIN venue_head h USING (tenant_id, venue_id)
  LEFT JOIN venue_settings s USING (tenant_id, venue_id)
 WHERE v.tenant_id = %s
 ORDER BY v.created_at_ms, v.venue_id
"""


async def venues(conn: Connection, tenant_id: str, *, now_ms: int) -> list[Venue]:
    """Every venue of the tenant, the first enrolled first."""
    return [
        Venue(
            age=VenueAge(
                venue_id=venue_id,
                name=name,
                applied_seq=acked,
                projected_seq=projected,
                last_entry_at_ms=last_entry_ms,
                behind_entries=max(edge_last - acked, 0),
                last_seen_ms=last_seen_ms,
                is_silent=now_ms - last_seen_ms > SILENT_AFTER_MS,
                trouble="projection" if is_stuck else refusal,
            ),
            currency=currency,
            timezone=known_timezone(timezone),
            cutover_min=cutover_min,
        )
        for (
            venue_id,
            name,
            currency,
            timezone,
            cutover_min,
            acked,
            edge_last,
            last_entry_ms,
            last_seen_ms,
            refusal,
            projected,
            is_stuck,
        ) in await rows(conn, _SELECT, (tenant_id,))
    ]
