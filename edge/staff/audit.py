"""The audit: who was told no, what was taken off after it was sent or given, which drawer was opened without a sale."""

from collections.abc import Iterator
from sqlite3 import Connection

import msgspec

from shared.views.past import Audit, AuditMoment

PAGE = 50
#: Before it comes everything.
NEWEST_MS = 1 << 53

# A guest's phone may be refused a thousand times by somebody who plays with it: that is nobody's work here.
_REFUSALS = """
SELECT r.at_ms, COALESCE(p.name, r.staff_id), COALESCE(d.name, r.device_id), r.name, r.code
FROM refusal r LEFT JOIN person p ON p.staff_id = r.staff_id LEFT JOIN device d ON d.device_id = r.device_id
WHERE r.at_ms < ? AND r.device_id NOT LIKE 'guest:%' ORDER BY r.id DESC LIMIT ?
"""
_VOIDS = """
SELECT v.voided_at_ms, COALESCE(p.name, v.voided_by), COALESCE(a.name, ''), v.name, v.quantity, v.gross_minor, v.reason,
  v.check_id, COALESCE(c.number, 0)
FROM line_void v LEFT JOIN person p ON p.staff_id = v.voided_by LEFT JOIN person a ON a.staff_id = v.approved_by
LEFT JOIN checks c ON c.check_id = v.check_id
WHERE v.was_sent = 1 AND v.voided_at_ms < ? ORDER BY v.business_day DESC, v.voided_at_ms DESC LIMIT ?
"""
_GIVEN = """
SELECT a.kind, a.given_at_ms, COALESCE(p.name, a.given_by), COALESCE(o.name, ''), COALESCE(l.name, ''),
  CASE a.line_id WHEN '' THEN 0 ELSE json_extract(a.parts, '$[0].quantity') END, a.amount_minor, a.reason, a.check_id, c.number
FROM adjustment a JOIN checks c ON c.check_id = a.check_id
LEFT JOIN check_line l ON l.check_id = a.check_id AND l.line_id = a.line_id
LEFT JOIN person p ON p.staff_id = a.given_by LEFT JOIN person o ON o.staff_id = a.approved_by
WHERE a.state = 'given' AND a.kind IN ('discount', 'comp') AND a.amount_minor <> 0 AND c.state <> 'abandoned'
  AND a.given_at_ms < ? ORDER BY a.business_day DESC, a.given_at_ms DESC LIMIT ?
"""
_NO_SALES = """
SELECT m.moved_at_ms, COALESCE(p.name, m.moved_by), s.drawer_name, m.reason
FROM cash_movement m JOIN drawer_session s ON s.session_id = m.session_id LEFT JOIN person p ON p.staff_id = m.moved_by
WHERE m.kind = 'no_sale' AND m.moved_at_ms < ? ORDER BY m.moved_at_ms DESC LIMIT ?
"""
_NOTHING = AuditMoment(
    kind="", at_ms=0, by_name="", approved_by_name="", device_name="", command="", code="", dish="", quantity=0,
    amount_minor=0, reason="", check_id="", check_number=0,
)  # fmt: skip


def audit(conn: Connection, before_ms: int) -> Audit:
    """What happened before that moment, the newest first. Moments of the same millisecond are on one page."""
    found = sorted(_moments(conn, before_ms), key=lambda moment: moment.at_ms, reverse=True)
    if len(found) <= PAGE:
        return Audit(moments=tuple(found), next_ms=0)
    page = [moment for moment in found[:PAGE] if moment.at_ms > found[PAGE].at_ms] or found[:PAGE]
    return Audit(moments=tuple(page), next_ms=page[-1].at_ms)


def _moments(conn: Connection, before_ms: int) -> Iterator[AuditMoment]:
    wanted = (before_ms, PAGE + 1)
    for at_ms, by, device, command, code in conn.execute(_REFUSALS, wanted):
        yield _moment("refusal", at_ms, by, device_name=device, command=command, code=code)
    for at_ms, by, approved_by, dish, quantity, amount, reason, check_id, number in conn.execute(_VOIDS, wanted):
        yield _moment(
            "void", at_ms, by, approved_by_name=approved_by, dish=dish, quantity=quantity, amount_minor=amount,
            reason=reason, check_id=check_id, check_number=number,
        )  # fmt: skip
    for kind, at_ms, by, approved_by, dish, quantity, amount, reason, check_id, number in conn.execute(_GIVEN, wanted):
        yield _moment(
            kind, at_ms, by, approved_by_name=approved_by, dish=dish, quantity=quantity, amount_minor=amount,
            reason=reason, check_id=check_id, check_number=number,
        )  # fmt: skip
    for at_ms, by, drawer, reason in conn.execute(_NO_SALES, wanted):
        yield _moment("no_sale", at_ms, by, device_name=drawer, reason=reason)


def _moment(kind: str, at_ms: int, by_name: str, **more: str | int) -> AuditMoment:
    return msgspec.structs.replace(_NOTHING, kind=kind, at_ms=at_ms, by_name=by_name, **more)
