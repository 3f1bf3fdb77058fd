"""What may be asked about people. PINs are checked at the edge, hashed before a command is queued, and never logged."""

from typing import Annotated, ClassVar

import msgspec

from shared.commands.base import Command, IfRev
from shared.ids import END, IdOrNone, IdText
from shared.text import Name

Pin = Annotated[str, msgspec.Meta(max_length=200)]  # six digits from a device; its hash once prepared


class AddStaff(Command, frozen=True, kw_only=True, tag="add_staff"):
    """Add a person with a role and a PIN."""

    SECRETS: ClassVar[tuple[str, ...]] = ("pin",)
    staff_id: IdText
    staff_name: Name
    role: IdText
    pin: Pin


class SetStaffRole(Command, frozen=True, kw_only=True, tag="set_staff_role"):
    """Give a person another role."""

    staff_id: IdText
    role: IdText
    if_rev: IfRev = ""


class SetPin(Command, frozen=True, kw_only=True, tag="set_pin"):
    """Give a person a new PIN; ends a lockout."""

    SECRETS: ClassVar[tuple[str, ...]] = ("pin",)
    staff_id: IdText
    pin: Pin
    if_rev: IfRev = ""


class RemoveStaff(Command, frozen=True, kw_only=True, tag="remove_staff"):
    """A person no longer works here."""

    staff_id: IdText
    if_rev: IfRev = ""


class RecordSignIn(Command, frozen=True, kw_only=True, tag="record_sign_in"):
    """A PIN was right: the person works on this device now. Asked by the edge's sign-in route."""

    session_id: IdText
    staff_id: IdText
    on_device_id: IdText


class RecordPinFailure(Command, frozen=True, kw_only=True, tag="record_pin_failure"):
    """A PIN was wrong. Asked by the edge's sign-in route."""

    staff_id: IdText


class RecordApproval(Command, frozen=True, kw_only=True, tag="record_approval"):
    """A manager's PIN was right: their approval of one command. Asked by the edge's approval route."""

    approval_id: IdText
    approver_id: IdText
    for_command_id: IdText
    for_command_name: str
    on_device_id: IdOrNone = ""  # the screen that asks; any when left out
    for_digest: Annotated[str, msgspec.Meta(pattern=rf"^([0-9a-f]{{32}})?{END}")] = (
        ""  # of the command; any when left out
    )


class SignOut(Command, frozen=True, kw_only=True, tag="sign_out"):
    """Leave the device, or lock it."""

    session_id: IdText
