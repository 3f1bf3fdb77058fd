"""What came out of a printer: tickets, and on them lines, codes, images and marks."""

from typing import Literal

import msgspec

Align = Literal["left", "center", "right"]
Cut = Literal["full", "partial", "none"]


class Run(msgspec.Struct, frozen=True):
    """Characters of one look. `dots` is the width of one of them on paper, magnification included."""

    text: str
    dots: int
    width: int = 1
    height: int = 1
    font: Literal["a", "b"] = "a"
    is_bold: bool = False
    is_reverse: bool = False
    is_red: bool = False
    underline: int = 0


class Line(msgspec.Struct, frozen=True, tag="line"):
    """One line. `is_wrapped`: it was full, and the next line continues it."""

    runs: tuple[Run, ...] = ()
    align: Align = "left"
    feed_dots: int = 30
    is_wrapped: bool = False
    is_upside_down: bool = False

    @property
    def text(self) -> str:
        """The characters, without their look."""
        return "".join(run.text for run in self.runs)


class Feed(msgspec.Struct, frozen=True, tag="feed"):
    """Blank paper."""

    dots: int


class Qr(msgspec.Struct, frozen=True, tag="qr"):
    """A QR code. `rows` are its modules ("1" is black); empty if it was too wide for the paper and nothing printed."""

    payload: str
    level: str
    module_dots: int
    align: Align
    rows: tuple[str, ...] = ()


class Image(msgspec.Struct, frozen=True, tag="image"):
    """A bitmap, most significant bit leftmost, 1 is black; slices that follow each other are joined.

    `clipped_dots` is how much of its width did not fit on the paper.
    """

    width_dots: int
    height_dots: int
    bitmap: bytes
    align: Align = "left"
    scale_x: int = 1
    scale_y: int = 1
    clipped_dots: int = 0


class Kick(msgspec.Struct, frozen=True, tag="kick"):
    """The drawer was pulsed here. Drawer 1 hangs on pin 2, drawer 2 on pin 5."""

    drawer: int
    on_ms: int


class Beep(msgspec.Struct, frozen=True, tag="beep"):
    """The buzzer sounded here."""


Element = Line | Feed | Qr | Image | Kick | Beep


class Ticket(msgspec.Struct, frozen=True):
    """Paper from one cut to the next; `cut` is "none" while it still hangs from the printer."""

    number: int
    elements: tuple[Element, ...]
    cut: Cut = "none"
    unknown_bytes: int = 0


def text_of(ticket: Ticket) -> str:
    """The ticket as plain text: a line of paper a line, marks for what is no text."""
    return "".join(f"{line}\n" for line in _lines(ticket))


def _lines(ticket: Ticket) -> list[str]:
    lines: list[str] = []
    for element in ticket.elements:
        match element:
            case Line():
                lines.append(element.text)
            case Qr(payload=payload, rows=rows):
                lines.append(f"[QR {payload}]" if rows else f"[QR too wide: {payload}]")
            case Image(width_dots=width, height_dots=height):
                lines.append(f"[image {width}x{height}]")
            case Kick(drawer=drawer):
                lines.append(f"[drawer {drawer}]")
            case Beep():
                lines.append("[beep]")
            case Feed():
                pass
    return lines
