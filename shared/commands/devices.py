"""What may be asked about screens."""

from typing import Annotated

import msgspec

from shared.commands.base import Command, IfRev
from shared.ids import IdOrNone, IdText, among
from shared.text import ONE_LINE

App = Annotated[str, among("waiter", "pos", "kds", "manage")]
DeviceName = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=ONE_LINE)]


class AskPairing(Command, frozen=True, kw_only=True, tag="ask_pairing"):
    """A new screen asks to be let in. Asked by the edge's pairing route, which made the code and keeps the key's digest."""

    pairing_id: IdText
    code: IdText
    app: App
    device_name: DeviceName
    key_digest: str


class ApprovePairing(Command, frozen=True, kw_only=True, tag="approve_pairing"):
    """Let a new screen in, with a role."""

    pairing_id: IdText
    role: App
    device_name: Annotated[str, msgspec.Meta(max_length=40, pattern=ONE_LINE)] = ""
    station_id: IdOrNone = ""
    drawer_id: IdOrNone = ""


class ChooseDrawer(Command, frozen=True, kw_only=True, tag="choose_drawer"):
    """Say where the cash of this device goes: a drawer's id, `purse` for each waiter's own, or nothing for the only one open."""

    drawer_id: IdOrNone = ""
    if_rev: IfRev = ""  # of the device


class ScreenNow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whether somebody can see a screen, and which station's tickets are on it: empty for none, `all` for every one's."""

    device_id: IdText
    is_awake: bool
    shows: IdOrNone = ""


class ReportScreens(Command, frozen=True, kw_only=True, tag="report_screens"):
    """The edge says which screens fell asleep or woke. Kept, and no entry of the log: it is over in a minute."""

    screens: Annotated[tuple[ScreenNow, ...], msgspec.Meta(max_length=1_000)]


class RevokeDevice(Command, frozen=True, kw_only=True, tag="revoke_device"):
    """Shut a screen out, now."""

    device_id: IdText
