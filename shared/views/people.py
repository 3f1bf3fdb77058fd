"""People and screens, as staff see them."""

import msgspec


class StaffView(msgspec.Struct, frozen=True, kw_only=True):
    """A person who works here; gone from the feed once removed."""

    staff_id: str
    name: str
    role: str
    permissions: tuple[str, ...]
    locked_until_ms: int
    signed_in_on: tuple[str, ...]  # device ids
    rev: str = ""  # the ask that changed it last
    changed_by_name: str = ""  # "" for no person
    changed_at_ms: int = 0


class DeviceView(msgspec.Struct, frozen=True, kw_only=True):
    """A paired screen."""

    device_id: str
    name: str
    role: str
    station_id: str
    drawer_id: str
    paired_at_ms: int
    revoked_at_ms: int  # 0 while it is welcome
    is_awake: bool = False  # somebody can see it now
    awake_changed_at_ms: int = 0  # since when that is so; 0 when it never said
    rev: str = ""  # the ask that changed it last
    changed_by_name: str = ""  # "" for no person
    changed_at_ms: int = 0


class PairingView(msgspec.Struct, frozen=True, kw_only=True):
    """A screen that waits for a manager; gone once approved or expired."""

    pairing_id: str
    code: str
    app: str
    device_name: str
    asked_at_ms: int
    expires_at_ms: int


VIEWS = {"staff": StaffView, "device": DeviceView, "pairing": PairingView}
