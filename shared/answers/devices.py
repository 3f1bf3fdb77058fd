"""What a new screen is told on its way in."""

from typing import Annotated, Literal

import msgspec


class PairStarted(msgspec.Struct, frozen=True, kw_only=True):
    """The code to compare at the till, and the key the screen keeps for good."""

    pairing_id: str
    code: str
    key: str
    expires_in_s: int


class PairState(msgspec.Struct, frozen=True, kw_only=True):
    """How a pairing stands: waiting, approved, expired or revoked; and what the screen became."""

    state: Literal["waiting", "approved", "expired", "revoked"]
    device_id: Annotated[str, msgspec.Meta(description="empty until approved")]
    role: str
    name: str
    station_id: str
    drawer_id: str


ANSWERS = (PairStarted, PairState)
