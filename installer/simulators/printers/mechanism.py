"""The printer without its cable: bytes in, paper and answers out."""

from collections import deque

import msgspec

from installer.simulators.printers import codepages, symbols
from installer.simulators.printers.paper import Align, Beep, Cut, Element, Feed, Image, Kick, Line, Qr, Run, Ticket
from installer.simulators.printers.status import Switches, automatic_status, buffered_status
from installer.simulators.printers.tokens import Token, Tokenizer

TICKETS_KEPT = 500
ELEMENTS_KEPT = 5_000
IMAGE_ROWS_JOINED = 20_000
_ALIGNS: dict[int, Align] = {0: "left", 1: "center", 2: "right", 48: "left", 49: "center", 50: "right"}
_CUT_FULL = {0, 48, 65, 97, 103}


class Roll(msgspec.Struct, frozen=True):
    """Paper and print head: how many dots fit, and how wide a character of each font is."""

    label: str
    print_dots: int
    font_a_dots: int = 12
    font_b_dots: int = 9


ROLLS = {
    "58mm": Roll("58mm", 384),
    "80mm": Roll("80mm", 576),
    "80mm-180dpi": Roll("80mm-180dpi", 512),
    "80mm-42": Roll("80mm-42", 546, font_a_dots=13),
    "76mm": Roll("76mm", 400, font_a_dots=10, font_b_dots=12),
}


class Look(msgspec.Struct):
    """What ESC @ resets."""

    width: int = 1
    height: int = 1
    is_font_b: bool = False
    is_bold: bool = False
    is_reverse: bool = False
    is_red: bool = False
    underline: int = 0
    align: Align = "left"
    is_upside_down: bool = False
    spacing_dots: int = 0
    line_dots: int = 30
    left_dots: int = 0
    area_dots: int | None = None
    page: int = 0
    country: int = 0
    is_kanji: bool = False


class Mechanism:
    """Prints what it is fed on one roll. `tickets` holds the last TICKETS_KEPT that were cut."""

    def __init__(self, name: str, roll: Roll) -> None:
        self.name = name
        self.roll = roll
        self.switches = Switches()
        self.tickets: deque[Ticket] = deque(maxlen=TICKETS_KEPT)
        self.kicks = 0
        self.beeps = 0
        self.unknown_bytes = 0
        self.has_automatic_status = False
        self.takes_real_time_kicks = True
        self._next_number = 1
        self._answers = bytearray()
        self._tokenizer = Tokenizer()
        self._elements: list[Element] = []
        self._unknown_here = 0
        self._restart()

    def _restart(self) -> None:
        self._look = Look(is_kanji=self.switches.kanji_at_start)
        self._qr = symbols.QrStore()
        self._runs: list[Run] = []
        self._used_dots = 0
        self._half_character = b""

    @property
    def hanging(self) -> Ticket | None:
        """The ticket that is printed in part and not cut."""
        if not self._elements:
            return None
        return Ticket(self._next_number, tuple(self._elements), unknown_bytes=self._unknown_here)

    def feed(self, chunk: bytes) -> bytes:
        """Print `chunk`; returns what the printer sends back for it."""
        self._tokenizer.reads_low_row_byte_only = self.switches.low_row_byte_only
        for token in self._tokenizer.feed(chunk):
            self._obey(token)
        answers = bytes(self._answers)
        self._answers.clear()
        return answers

    def lose_buffer(self) -> None:
        """Forget the line and the command that were not finished. Paper stays."""
        self._tokenizer.reset()
        self._runs = []
        self._used_dots = 0
        self._half_character = b""

    def lose_power(self) -> None:
        """Forget every setting too."""
        self._tokenizer.reset()
        self.has_automatic_status = self.switches.status_at_start
        self.takes_real_time_kicks = True
        self._restart()

    def kick(self, *, drawer: int, on_ms: int) -> None:
        """Pulse a drawer."""
        self.kicks += 1
        self._put(Kick(drawer=drawer, on_ms=on_ms))

    def restore(self, tickets: list[Ticket]) -> None:
        """Hang up tickets kept from before."""
        self.tickets.extend(tickets)
        self._next_number = max((ticket.number for ticket in tickets), default=0) + 1

    def throw_away(self) -> None:
        """Forget all paper, cut or hanging. Numbers go on."""
        self.tickets.clear()
        self._elements = []
        self._unknown_here = 0

    def _obey(self, token: Token) -> None:
        args = token.args
        match token.kind:
            case "text":
                self._print_text(args)
            case "line_feed":
                self._end_line()
            case "feed_lines":
                for _ in range(args[0]):
                    self._end_line()
                self._flush()
            case "feed_dots":
                self._flush()
                self._put(Feed(args[0]))
            case "cut":
                self._cut("full" if args[0] in _CUT_FULL else "partial")
            case "cut_partial":
                self._cut("partial")
            case "kick":
                self.kick(drawer=2 if args[0] in (1, 49) else 1, on_ms=args[1] * 2)
            case "beep":
                self.beeps += 1
                self._put(Beep())
            case "raster":
                self._put_image(symbols.raster(args, align=self._look.align, print_dots=self._area_dots))
            case "columns":
                self._put_image(symbols.columns(args, align=self._look.align, print_dots=self._area_dots))
            case "symbol":
                self._symbol(args)
            case "initialise":
                self.has_automatic_status = False
                self._restart()
            case "unknown":
                self.unknown_bytes += len(args)
                self._unknown_here += len(args)
            case "identity" | "status" | "automatic_status" | "response" | "real_time_switch":
                self._answer(token)
            case "tab" | "position":
                self._move(token)
            case _:
                self._set(token)

    def _set(self, token: Token) -> None:
        look, args = self._look, token.args
        value = args[0] if args else 0
        match token.kind:
            case "size":
                look.width, look.height = (value >> 4 & 7) + 1, (value & 7) + 1
            case "print_mode":
                look.is_font_b, look.is_bold = bool(value & 0x01), bool(value & 0x08)
                look.height, look.width = 2 if value & 0x10 else 1, 2 if value & 0x20 else 1
                look.underline = 1 if value & 0x80 else 0
            case "bold":
                look.is_bold = bool(value & 1)
            case "underline":
                look.underline = value % 48 if value % 48 <= 2 else look.underline
            case "reverse":
                look.is_reverse = bool(value & 1)
            case "colour":
                look.is_red = value in (1, 49)
            case "font":
                look.is_font_b = value in (1, 49)
            case "spacing":
                look.spacing_dots = value
            case "line_spacing":
                look.line_dots = value
            case "line_spacing_default":
                look.line_dots = 30
            case "code_page":
                look.page = value
            case "country":
                look.country = value
            case "kanji_on" | "kanji_off":
                look.is_kanji = token.kind == "kanji_on"
                self._half_character = b""
            case "align" | "upside_down" | "left_margin" | "print_width" if not self._runs:
                self._set_line(token.kind, args)

    def _set_line(self, kind: str, args: bytes) -> None:
        """Settings that act only at the start of a line."""
        match kind:
            case "align":
                self._look.align = _ALIGNS.get(args[0], self._look.align)
            case "upside_down":
                self._look.is_upside_down = bool(args[0] & 1)
            case "left_margin":
                self._look.left_dots = args[0] | args[1] << 8
            case _:
                self._look.area_dots = args[0] | args[1] << 8

    @property
    def _area_dots(self) -> int:
        room = max(self.roll.font_a_dots, self.roll.print_dots - self._look.left_dots)
        return min(room, self._look.area_dots or room)

    @property
    def _cell_dots(self) -> int:
        font_dots = self.roll.font_b_dots if self._look.is_font_b else self.roll.font_a_dots
        return (font_dots + self._look.spacing_dots) * self._look.width

    def _print_text(self, text: bytes) -> None:
        if not self._look.is_kanji:
            self._print_characters(codepages.decode(text, page=self._look.page, country=self._look.country), columns=1)
            return
        for byte in text:
            pair = self._half_character + bytes([byte])
            if len(pair) == 1 and byte >= 0x80:
                self._half_character = pair
                continue
            self._half_character = b""
            self._print_characters(codepages.decode_kanji(pair), columns=len(pair))

    def _print_characters(self, characters: str, *, columns: int) -> None:
        for character in characters:
            dots = self._cell_dots * columns
            if self._runs and self._used_dots + dots > self._area_dots:
                self._end_line(is_wrapped=True)
            self._used_dots += dots
            look = self._look
            fresh = Run(
                character,
                dots,
                width=look.width,
                height=look.height,
                font="b" if look.is_font_b else "a",
                is_bold=look.is_bold,
                is_reverse=look.is_reverse,
                is_red=look.is_red,
                underline=look.underline,
            )
            if self._runs and msgspec.structs.replace(self._runs[-1], text=character) == fresh:
                fresh = msgspec.structs.replace(fresh, text=self._runs.pop().text + character)
            self._runs.append(fresh)

    def _move(self, token: Token) -> None:
        """Tab stops every eight characters; positions only to the right. Both print as spaces."""
        if token.kind == "tab":
            target = (self._used_dots // (8 * self._cell_dots) + 1) * 8 * self._cell_dots
        else:
            target = token.args[0] | token.args[1] << 8
        target = min(target, self._area_dots)
        self._print_characters(" " * max(0, (target - self._used_dots) // self._cell_dots), columns=1)

    def _end_line(self, *, is_wrapped: bool = False) -> None:
        look = self._look
        tallest = max((run.height for run in self._runs), default=1)
        self._put(
            Line(
                runs=tuple(self._runs),
                align=look.align,
                feed_dots=max(look.line_dots, 24 * tallest if self._runs else 0),
                is_wrapped=is_wrapped,
                is_upside_down=look.is_upside_down,
            )
        )
        self._runs = []
        self._used_dots = 0

    def _flush(self) -> None:
        if self._runs:
            self._end_line()

    def _put(self, element: Element) -> None:
        self._elements.append(element)
        if len(self._elements) >= ELEMENTS_KEPT:
            self._tear("none")

    def _put_image(self, image: Image) -> None:
        self._flush()
        above = self._elements[-1] if self._elements else None
        if isinstance(above, Image) and above.height_dots < IMAGE_ROWS_JOINED:
            whole = symbols.joined(above, image)
            if whole is not None:
                self._elements[-1] = whole
                return
        self._put(image)

    def _symbol(self, args: bytes) -> None:
        made = self._qr.accept(args, align=self._look.align, print_dots=self._area_dots)
        match made:
            case bytes() if not self.switches.native_qr:
                # Clones without QR take the payload for text.
                self._print_text(bytes(byte for byte in made if byte >= 0x20 and byte != 0x7F))
            case Qr() if self.switches.native_qr:
                self._flush()
                self._put(made)

    def _cut(self, cut: Cut) -> None:
        self._flush()
        self._tear(cut)

    def _tear(self, cut: Cut) -> None:
        self.tickets.append(Ticket(self._next_number, tuple(self._elements), cut, self._unknown_here))
        self._next_number += 1
        self._elements = []
        self._unknown_here = 0

    def _answer(self, token: Token) -> None:
        args = token.args
        match token.kind:
            case "automatic_status":
                self.has_automatic_status = args[0] != 0
                if self.has_automatic_status:
                    self._answers += automatic_status(self.switches)
            case "status" if self.switches.fence != "none" and args[0] in (1, 2, 49, 50):
                self._answers.append(buffered_status(self.switches, args[0]))
            case "response" if self.switches.fence == "process_id" and args[:2] == b"00" and len(args) == 6:
                self._answers += b"\x37\x22" + args[2:] + b"\x00"
            case "real_time_switch" if len(args) == 3 and args[:2] == b"\x14\x01":
                self.takes_real_time_kicks = bool(args[2] & 1)
            case "identity":
                self._answers += self._identity(args[0])

    def _identity(self, kind: int) -> bytes:
        texts = {65: "1.00", 66: "HOSPITALITY", 67: f"SIM-{self.roll.label}", 68: f"SIM-{self.name}", 69: "PC858"}
        if kind in texts:
            return b"\x5f" + texts[kind].encode("ascii", errors="replace") + b"\x00"
        if kind in (33, 35, 96, 110):
            return bytes([0x3D, kind]) + b"SIM\x00"
        return {1: b"\x20", 2: b"\x02", 3: b"\x01"}.get(kind % 48 if kind >= 48 else kind, b"")
