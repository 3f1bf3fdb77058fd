"""What an uploaded spreadsheet of the menu would change, or has changed."""

import msgspec


class RefusedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that cannot be part of the menu: where it stands, and why in words of the language that was asked for."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


class MenuReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a spreadsheet says, compared with the menu in force. Names are at most fifty; the counts are of all."""

    fault: str  # why the file cannot be read at all, in words; empty when it can
    refused: tuple[RefusedRow, ...]
    refused_rows: int
    ignored: tuple[str, ...]  # headings and sheets that mean nothing to us
    items: int
    added: tuple[str, ...]
    added_count: int
    changed: tuple[str, ...]
    changed_count: int
    removed: tuple[str, ...]
    removed_count: int
    version: int  # in force now
    is_published: bool  # it is that version


ANSWERS = (RefusedRow, MenuReport)
