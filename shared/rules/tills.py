"""Where cash goes: a drawer that is open, or the purse of the waiter who took it. Pure."""

from collections.abc import Iterable, Sequence

import msgspec

from shared.context import Context
from shared.errors import Rejected
from shared.ids import DrawerId, DrawerSessionId, StaffId
from shared.ops.cash import DrawerOpened

#: In the place of a drawer's id: the cash stays with each waiter, who hands it over at the end (*rendición*).
PURSE = "purse"


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A drawer, or a waiter's purse, that was opened and not counted."""

    session_id: DrawerSessionId
    drawer_id: DrawerId
    drawer_name: str
    purse_of: StaffId = StaffId("")  # "" for a drawer


def session_for_cash(
    open_sessions: Sequence[OpenSession], *, into: str, device_drawer_id: str, context: Context
) -> DrawerSessionId | DrawerOpened:
    """The session that cash goes into; or the op that begins a waiter's purse with the first of it.

    What the person says goes before what the device has; where neither says anything, the only drawer that is open
    takes it. A till whose own drawer is closed puts nothing into another one's: who counts that would be over.

    Raises:
        Rejected: `drawer_closed` when the one that was named or chosen, or every one, is not open; `drawer_which` when
            several are and none was chosen, with the names of those that are; `needs_sign_in` for nobody's purse.
    """
    wanted = into or device_drawer_id
    if wanted == PURSE:
        return _purse(open_sessions, context)
    drawers = [one for one in open_sessions if not one.purse_of]
    for one in drawers:
        if one.drawer_id == wanted:
            return one.session_id
    if wanted or not drawers:
        raise Rejected("drawer_closed", drawers=names_of(drawers))
    if len(drawers) > 1:
        raise Rejected("drawer_which", drawers=names_of(drawers))
    return drawers[0].session_id


def check_drawer_id(drawer_id: str) -> None:
    """Let through what may be a drawer's id.

    Raises:
        Rejected: `malformed` for the word that stands for waiters' purses.
    """
    if drawer_id == PURSE:
        raise Rejected("malformed", where="drawer_id", why=f"{PURSE!r} stands for waiters' purses")


def names_of(sessions: Iterable[OpenSession]) -> list[str]:
    """What people call them."""
    return [one.drawer_name for one in sessions]


def _purse(open_sessions: Iterable[OpenSession], context: Context) -> DrawerSessionId | DrawerOpened:
    if not context.staff_id:
        raise Rejected("needs_sign_in")
    for one in open_sessions:
        if one.purse_of == context.staff_id:
            return one.session_id
    return DrawerOpened(
        session_id=DrawerSessionId(context.fresh_id()),
        drawer_id=DrawerId(PURSE),
        drawer_name="",
        float_minor=0,
        by=StaffId(context.staff_id),
        opened_at_ms=context.now_ms,
        period=context.period,
        purse_of=StaffId(context.staff_id),
    )
