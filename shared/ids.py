"""One NewType per kind of id. An id is text that its maker chose; a device may mint one before the edge has seen it."""

from typing import Annotated, NewType

import msgspec

#: Ends a pattern; `$` alone also fits before a last line break.
END = r"(?!\n)$"
#: What any id that arrives from outside must look like: short, printable, harmless in a URL, a subject or a log line.
ID_PATTERN = rf"^[A-Za-z0-9_-]{{1,40}}{END}"
IdText = Annotated[str, msgspec.Meta(pattern=ID_PATTERN)]
#: An id that may be left out.
IdOrNone = Annotated[str, msgspec.Meta(pattern=rf"^[A-Za-z0-9_-]{{0,40}}{END}")]


def among(*words: str) -> msgspec.Meta:
    """One of these words, and nothing after it."""
    return msgspec.Meta(pattern=f"^({'|'.join(words)}){END}", extra={"choices": words})


TenantId = NewType("TenantId", str)
VenueId = NewType("VenueId", str)
DeviceId = NewType("DeviceId", str)
StaffId = NewType("StaffId", str)
SessionId = NewType("SessionId", str)
CommandId = NewType("CommandId", str)
ApprovalId = NewType("ApprovalId", str)
PairingId = NewType("PairingId", str)

SectionId = NewType("SectionId", str)
TableId = NewType("TableId", str)
VisitId = NewType("VisitId", str)
PhoneId = NewType("PhoneId", str)
DraftId = NewType("DraftId", str)
CallId = NewType("CallId", str)

CategoryId = NewType("CategoryId", str)
ItemId = NewType("ItemId", str)
VariantId = NewType("VariantId", str)
GroupId = NewType("GroupId", str)
ModifierId = NewType("ModifierId", str)

CheckId = NewType("CheckId", str)
LineId = NewType("LineId", str)
AdjustmentId = NewType("AdjustmentId", str)
StationId = NewType("StationId", str)
TicketId = NewType("TicketId", str)
PrinterId = NewType("PrinterId", str)
JobId = NewType("JobId", str)

PaymentId = NewType("PaymentId", str)
TipId = NewType("TipId", str)
DrawerId = NewType("DrawerId", str)
DrawerSessionId = NewType("DrawerSessionId", str)
