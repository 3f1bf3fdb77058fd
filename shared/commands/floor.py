"""What may be asked about rooms and settings."""

from typing import Annotated

import msgspec

from shared.commands.base import Command, IfRev
from shared.ids import END, IdOrNone, IdText, among
from shared.text import ONE_LINE, Name

Units = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Position = Annotated[int, msgspec.Meta(ge=0, le=1_000)]
Currency = Annotated[str, msgspec.Meta(pattern=f"^[A-Z]{{3}}{END}")]
Language = Annotated[str, among("es-AR", "en")]
TimeZone = Annotated[str, msgspec.Meta(max_length=60)]
MinuteOfDay = Annotated[int, msgspec.Meta(ge=0, le=1439)]
CoverCharge = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000_00)]
RateBp = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
DraftLife = Annotated[int, msgspec.Meta(ge=60, le=86_400)]
MostDrafts = Annotated[int, msgspec.Meta(ge=1, le=20)]
WifiName = Annotated[str, msgspec.Meta(max_length=40, pattern=ONE_LINE)]
TableLabel = Annotated[str, msgspec.Meta(min_length=1, max_length=8, pattern=ONE_LINE)]
Shape = Annotated[str, among("round", "square", "bar")]
Seats = Annotated[int, msgspec.Meta(ge=0, le=50)]


class ConfigureVenue(Command, frozen=True, kw_only=True, tag="configure_venue"):
    """Set the venue's settings, whole."""

    name: Name
    currency: Currency = "ARS"
    language: Language = "es-AR"
    timezone: TimeZone = "America/Argentina/Buenos_Aires"
    cutover_min: MinuteOfDay = 300
    cover_charge_minor: CoverCharge = 0
    cover_charge_vat_bp: RateBp = 2100
    draft_expiry_s: DraftLife = 1800
    max_waiting_drafts: MostDrafts = 3
    wifi_name: WifiName = ""
    if_rev: IfRev = ""


class ChangeVenue(Command, frozen=True, kw_only=True, tag="change_venue"):
    """Change some of the venue's settings; what is left out stays as it is."""

    if_rev: IfRev = ""
    name: Name | None = None
    currency: Currency | None = None
    language: Language | None = None
    timezone: TimeZone | None = None
    cutover_min: MinuteOfDay | None = None
    cover_charge_minor: CoverCharge | None = None
    cover_charge_vat_bp: RateBp | None = None
    draft_expiry_s: DraftLife | None = None
    max_waiting_drafts: MostDrafts | None = None
    wifi_name: WifiName | None = None


class DrawSection(Command, frozen=True, kw_only=True, tag="draw_section"):
    """Draw a room, or redraw it."""

    section_id: IdText
    name: Name
    position: Position = 0
    width: Units = 1000
    height: Units = 700
    if_rev: IfRev = ""


class ChangeSection(Command, frozen=True, kw_only=True, tag="change_section"):
    """Change some of what a room looks like; what is left out stays as it is."""

    section_id: IdText
    if_rev: IfRev = ""
    name: Name | None = None
    position: Position | None = None
    width: Units | None = None
    height: Units | None = None


class AssignSection(Command, frozen=True, kw_only=True, tag="assign_section"):
    """Give a section to a waiter, or to nobody."""

    section_id: IdText
    staff_id: IdOrNone = ""
    if_rev: IfRev = ""


class DrawTable(Command, frozen=True, kw_only=True, tag="draw_table"):
    """Draw a table, or redraw it."""

    table_id: IdText
    section_id: IdText
    label: TableLabel
    shape: Shape = "square"
    seats: Seats = 4
    x: Units = 0
    y: Units = 0
    width: Units = 100
    height: Units = 100
    if_rev: IfRev = ""


class ChangeTable(Command, frozen=True, kw_only=True, tag="change_table"):
    """Change some of what a table looks like, or where it stands; what is left out stays as it is."""

    table_id: IdText
    if_rev: IfRev = ""
    section_id: IdText | None = None
    label: TableLabel | None = None
    shape: Shape | None = None
    seats: Seats | None = None
    x: Units | None = None
    y: Units | None = None
    width: Units | None = None
    height: Units | None = None


class RemoveTable(Command, frozen=True, kw_only=True, tag="remove_table"):
    """Take a table off the plan."""

    table_id: IdText
    if_rev: IfRev = ""


class ReplaceTableCode(Command, frozen=True, kw_only=True, tag="replace_table_code"):
    """Make every code printed for this table so far invalid."""

    table_id: IdText
    if_rev: IfRev = ""
