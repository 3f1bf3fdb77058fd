"""Who asks, from where, and when: everything a decision may know besides its command and its state."""

from collections.abc import Callable

import msgspec

from shared.errors import Rejected


class VenueRules(msgspec.Struct, frozen=True, kw_only=True):
    """The venue's settings that rules read. Written in the log by `VenueConfigured`."""

    venue_id: str = ""
    name: str = ""
    currency: str = "ARS"
    language: str = "es-AR"
    timezone: str = "America/Argentina/Buenos_Aires"
    cutover_min: int = 300  # minutes after local midnight at which a business day begins
    cover_charge_minor: int = 0  # per cover, VAT included
    cover_charge_vat_bp: int = 2100
    draft_expiry_s: int = 1800
    max_waiting_drafts: int = 3  # per table


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """Built by the edge for one command; nothing in it comes from the command's body."""

    now_ms: int
    asked_at_ms: int  # when the person touched the screen; now_ms unless the device was offline
    business_day: str
    device_id: str
    device_role: str  # guest, waiter, pos, kds, console, edge, hub
    staff_id: str = ""
    staff_role: str = ""
    command_id: str = ""
    permissions: frozenset[str] = frozenset()
    approved_by: str = ""  # the manager who approved this one command, in place
    approved_permissions: frozenset[str] = frozenset()
    venue: VenueRules = VenueRules()
    fresh_id: Callable[[], str]
    period: int = 1  # the open one: the last Z's number + 1

    def may(self, permission: str) -> bool:
        """Whether the person, or the manager who approved this command, holds the permission."""
        return permission in self.permissions or permission in self.approved_permissions

    def require(self, permission: str) -> None:
        """Go on only with the permission.

        Raises:
            Rejected: `needs_sign_in` when nobody is signed in, else `needs_manager`.
        """
        if self.may(permission):
            return
        if not self.staff_id:
            raise Rejected("needs_sign_in")
        raise Rejected("needs_manager", permission=permission)
