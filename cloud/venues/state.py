"""Who is to be enrolled."""

from typing import Annotated

import msgspec

from shared.ids import IdText


class NewVenue(msgspec.Struct, frozen=True, kw_only=True):
    """A venue to enrol; its name until its own settings arrive."""

    venue_id: IdText
    name: str


class NewOwner(msgspec.Struct, frozen=True, kw_only=True):
    """An owner's account to make."""

    email: Annotated[str, msgspec.Meta(pattern=r"^[^@\s]+@[^@\s]+$", max_length=200)]
    name: str
    password: str


class NewTenant(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant to enrol. `account` is its NATS account key, "" for the one that the hub's own data folder holds."""

    tenant_id: IdText
    name: str
    account: str = ""
    venues: tuple[NewVenue, ...] = ()
    owners: tuple[NewOwner, ...] = ()


class Fleet(msgspec.Struct, frozen=True, kw_only=True):
    """What `hos cloud enrol` reads."""

    tenants: tuple[NewTenant, ...]
