"""How a printer is set, and the status bytes that follow from it."""

from typing import Literal

import msgspec


class Switches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything about a printer that a person or a test can change while it runs."""

    paper: Literal["ok", "near_end", "out"] = "ok"
    cover: Literal["closed", "open"] = "closed"
    cutter: Literal["ok", "jammed"] = "ok"
    drawer: Literal["closed", "open"] = "closed"
    power: Literal["on", "off"] = "on"
    reading: Literal["normal", "stalled"] = "normal"
    status: Literal["answers", "silent", "silent_when_not_ready"] = "answers"
    connections: Literal["queue", "refuse", "many"] = "queue"
    link: Literal["ok", "resets", "babbles"] = "ok"  # drops whoever sends a job; sends status without end
    fence: Literal["process_id", "gs_r", "none"] = "process_id"
    native_qr: bool = True
    kanji_at_start: bool = False
    low_row_byte_only: bool = False
    status_at_start: bool = False
    bytes_per_s: int = 20_000
    paper_out_after_bytes: int | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it prints what it holds."""
        return self.paper != "out" and self.cover == "closed" and self.cutter == "ok" and self.power == "on"


def real_time_status(switches: Switches, kind: int) -> int:
    """The answer to DLE EOT `kind` (1 printer, 2 why offline, 3 error, 4 roll)."""
    answer = 0x12
    match kind:
        case 1:
            answer |= 0x08 * (not switches.is_ready) | 0x04 * (switches.drawer == "open")
        case 2:
            answer |= 0x04 * (switches.cover == "open") | 0x20 * (switches.paper == "out")
            answer |= 0x40 * (switches.cutter == "jammed")
        case 3:
            answer |= 0x08 * (switches.cutter == "jammed")
        case _:
            answer |= {"ok": 0x00, "near_end": 0x0C, "out": 0x6C}[switches.paper]
    return answer


def buffered_status(switches: Switches, kind: int) -> int:
    """The answer to GS r `kind` (1 paper, 2 drawer)."""
    if kind in (2, 50):
        return 0x01 * (switches.drawer == "open")
    return {"ok": 0x00, "near_end": 0x03, "out": 0x0F}[switches.paper]


def automatic_status(switches: Switches) -> bytes:
    """The four bytes a printer sends by itself when something changes."""
    first = 0x10 | 0x04 * (switches.drawer == "open") | 0x08 * (not switches.is_ready)
    first |= 0x20 * (switches.cover == "open")
    second = 0x08 * (switches.cutter == "jammed")
    return bytes([first, second, buffered_status(switches, 1), 0x00])
