"""What a guest's phone and a table's QR are told."""

import msgspec


class Joined(msgspec.Struct, frozen=True):
    """The party that a phone is now of, and what its screen must know of the venue."""

    visit_id: str
    table_label: str
    venue_name: str
    language: str
    currency: str
    wifi_name: str
    cover_charge_minor: int
    max_waiting_drafts: int
    paused: bool


class TableCode(msgspec.Struct, frozen=True, kw_only=True):
    """A table's code, and the address that its QR says."""

    table_id: str
    label: str
    code: str
    url: str


ANSWERS = (Joined, TableCode)
