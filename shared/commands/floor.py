"""What may be asked about rooms and settings."""

from typing import Annotated

import msgspec

from shared.commands.base import Command
from shared.ids import END, IdOrNone, IdText, among
from shared.text import ONE_LINE, Name

Units = Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class ConfigureVenue(Command, frozen=True, kw_only=True, tag="configure_venue"):
    """Set the venue's settings, whole."""

    name: Name
    currency: Annotated[str, msgspec.Meta(pattern=f"^[A-Z]{{3}}{END}")] = "ARS"
    language: Annotated[str, among("es-AR", "en")] = "es-AR"
    timezone: Annotated[str, msgspec.Meta(max_length=60)] = "America/Argentina/Buenos_Aires"
    cutover_min: Annotated[int, msgspec.Meta(ge=0, le=1439)] = 300
    cover_charge_minor: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000_00)] = 0
    cover_charge_vat_bp: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 2100
    draft_expiry_s: Annotated[int, msgspec.Meta(ge=60, le=86_400)] = 1800
    max_waiting_drafts: Annotated[int, msgspec.Meta(ge=1, le=20)] = 3
    wifi_name: Annotated[str, msgspec.Meta(max_length=40, pattern=ONE_LINE)] = ""


class DrawSection(Command, frozen=True, kw_only=True, tag="draw_section"):
    """Draw a room, or redraw it."""

    section_id: IdText
    name: Name
    position: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 0
    width: Units = 1000
    height: Units = 700


class AssignSection(Command, frozen=True, kw_only=True, tag="assign_section"):
    """Give a section to a waiter, or to nobody."""

    section_id: IdText
    staff_id: IdOrNone = ""


class DrawTable(Command, frozen=True, kw_only=True, tag="draw_table"):
    """Draw a table, or redraw it."""

    table_id: IdText
    section_id: IdText
    label: Annotated[str, msgspec.Meta(min_length=1, max_length=8, pattern=ONE_LINE)]
    shape: Annotated[str, among("round", "square", "bar")] = "square"
    seats: Annotated[int, msgspec.Meta(ge=0, le=50)] = 4
    x: Units = 0
    y: Units = 0
    width: Units = 100
    height: Units = 100


class RemoveTable(Command, frozen=True, kw_only=True, tag="remove_table"):
    """Take a table off the plan."""

    table_id: IdText


class ReplaceTableCode(Command, frozen=True, kw_only=True, tag="replace_table_code"):
    """Make every code printed for this table so far invalid."""

    table_id: IdText
