"""Bytes in, paper out: the vectors of the printers' manuals."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installer.simulators.printers.mechanism import ROLLS, TICKETS_KEPT, Mechanism
from installer.simulators.printers.paper import Image, Kick, Line, Qr, Ticket, text_of
from installer.simulators.printers.status import Switches
from installer.simulators.printers.tokens import RealTimeScanner

PROLOGUE = bytes.fromhex("1B 40 1C 2E 1B 52 00 1B 74 13 1D 61 00")
CUT = bytes.fromhex("1D 56 42 00")
FENCE = bytes.fromhex("1D 28 48 06 00 30 30") + b"0457"
SPANISH = "á é í ó ú ü ñ Ñ Á É Í Ó Ú Ü ¿ ¡ º ª ° €"


def machine(roll: str = "80mm", **switches: object) -> Mechanism:
    mechanism = Mechanism("kitchen", ROLLS[roll])
    mechanism.switches = Switches(**switches)  # type: ignore[arg-type]
    return mechanism


def printed(stream: bytes, roll: str = "80mm", **switches: object) -> list[Ticket]:
    mechanism = machine(roll, **switches)
    mechanism.feed(stream)
    return list(mechanism.tickets)


def qr(payload: bytes, *, size: int, level: int = 0x31) -> bytes:
    length = len(payload) + 3
    return (
        bytes.fromhex("1D 28 6B 04 00 31 41 32 00 1D 28 6B 03 00 31 43")
        + bytes([size])
        + bytes.fromhex("1D 28 6B 03 00 31 45")
        + bytes([level])
        + b"\x1d(k"
        + bytes([length & 255, length >> 8])
        + b"1P0"
        + payload
        + bytes.fromhex("1D 28 6B 03 00 31 51 30")
    )


def test_spanish_in_pc858() -> None:
    codes = "A0 82 A1 A2 A3 81 A4 A5 B5 90 D6 E0 E9 9A A8 AD A7 A6 F8 D5"
    stream = PROLOGUE + b" ".join(bytes.fromhex(code) for code in codes.split()) + b"\n" + CUT
    (ticket,) = printed(stream)
    assert text_of(ticket) == SPANISH + "\n"
    assert ticket.cut == "partial"
    assert ticket.unknown_bytes == 0


def test_spanish_in_wpc1252() -> None:
    codes = "E1 E9 ED F3 FA FC F1 D1 C1 C9 CD D3 DA DC BF A1 BA AA B0 80"
    stream = b"\x1b@\x1bt\x10" + b" ".join(bytes.fromhex(code) for code in codes.split()) + b"\n" + CUT
    assert text_of(printed(stream)[0]) == SPANISH + "\n"


def test_pc850_has_no_euro_and_initialising_forgets_the_page() -> None:
    assert text_of(printed(b"\x1bt\x02\xd5\n" + CUT)[0]) == "ı\n"
    assert text_of(printed(b"\x1bt\x13\x1b@\xd5\n" + CUT)[0]) == "╒\n"


def test_national_set_replaces_ascii() -> None:
    assert text_of(printed(b"\x1bR\x0b#[|\n\x1bR\x00#[|\n" + CUT)[0]) == "#¡ñ\n#[|\n"


def test_double_byte_mode_swallows_accents_until_it_is_left() -> None:
    stream = b"\x1b@\x1bt\x13\xa4\xa4\n\x1c.\xa4\n" + CUT
    lines = text_of(printed(stream, kanji_at_start=True)[0]).splitlines()
    assert lines[0] == "い"
    assert lines[1] == "ñ"


@pytest.mark.parametrize(
    ("roll", "columns"), [("58mm", 32), ("80mm", 48), ("80mm-180dpi", 42), ("80mm-42", 42), ("76mm", 40)]
)
def test_a_line_wraps_after_the_columns_of_the_roll(roll: str, columns: int) -> None:
    (ticket,) = printed(b"x" * (columns + 1) + b"\n" + CUT, roll)
    assert text_of(ticket) == "x" * columns + "\nx\n"
    assert [line.is_wrapped for line in ticket.elements if isinstance(line, Line)] == [True, False]
    (double,) = printed(b"\x1d!\x11" + b"x" * (columns // 2) + b"\n" + CUT, roll)
    assert [line.is_wrapped for line in double.elements if isinstance(line, Line)] == [False]


def test_font_b_is_narrower() -> None:
    assert text_of(printed(b"\x1bM\x01" + b"x" * 43 + b"\n" + CUT, "58mm")[0]) == "x" * 42 + "\nx\n"


def test_looks() -> None:
    (ticket,) = printed(b"\x1ba\x01\x1d!\x12A\x1bE\x01\x1dB\x01B\x1b-\x02C\x1b!\x00D\n" + CUT)
    line = ticket.elements[0]
    assert isinstance(line, Line)
    assert line.align == "center"
    a, b, c, d = line.runs
    assert (a.width, a.height, a.dots, a.is_bold) == (2, 3, 24, False)
    assert b.is_bold
    assert b.is_reverse
    assert c.underline == 2
    assert (d.width, d.height, d.is_bold, d.is_reverse, d.underline) == (1, 1, False, True, 0)


def test_alignment_acts_only_at_the_start_of_a_line() -> None:
    (ticket,) = printed(b"a\x1ba\x02b\nc\n" + CUT)
    assert [line.align for line in ticket.elements if isinstance(line, Line)] == ["left", "left"]


@pytest.mark.parametrize(
    ("command", "cut"),
    [
        ("1D 56 00", "full"),
        ("1D 56 01", "partial"),
        ("1D 56 41 03", "full"),
        ("1D 56 42 00", "partial"),
        ("1D 56 67 00", "full"),
        ("1D 56 68 00", "partial"),
        ("1B 69", "partial"),
        ("1B 6D", "partial"),
    ],
)
def test_cuts(command: str, cut: str) -> None:
    (ticket,) = printed(b"a\n" + bytes.fromhex(command))
    assert (ticket.cut, text_of(ticket), ticket.unknown_bytes) == (cut, "a\n", 0)


def test_kicks_beeps_and_feeds() -> None:
    mechanism = machine()
    mechanism.feed(bytes.fromhex("1B 70 00 19 FA 1B 70 01 32 32 1B 42 02 03 1B 28 41 04 00 30 01 01 01"))
    mechanism.feed(b"a\x1bd\x02\x1bJ\x10" + CUT)
    assert mechanism.kicks == 2
    assert mechanism.beeps == 2
    (ticket,) = mechanism.tickets
    assert ticket.elements[:2] == (Kick(drawer=1, on_ms=50), Kick(drawer=2, on_ms=100))
    assert text_of(ticket) == "[drawer 1]\n[drawer 2]\n[beep]\n[beep]\na\n\n"
    assert mechanism.unknown_bytes == 0


def test_qr_is_drawn_when_it_fits_and_not_when_it_does_not() -> None:
    payload = b"https://bodegon.example/" + b"a" * 76
    (fits,) = printed(qr(payload, size=6) + CUT, "58mm")
    (code,) = fits.elements
    assert isinstance(code, Qr)
    assert (code.payload, code.level, code.module_dots, len(code.rows)) == (payload.decode(), "M", 6, 41)
    (wide,) = printed(qr(payload, size=8) + CUT, "58mm")
    assert isinstance(wide.elements[0], Qr)
    assert wide.elements[0].rows == ()


def test_a_clone_prints_the_qr_payload_as_text() -> None:
    assert text_of(printed(qr(b"https://a.example", size=4) + b"\n" + CUT, native_qr=False)[0]) == "https://a.example\n"


def raster(row_bytes: int, rows: int) -> bytes:
    return b"\x1dv0\x00" + bytes([row_bytes, 0, rows & 255, rows >> 8]) + bytes([0xAA]) * (row_bytes * rows)


def test_raster_slices_join_and_width_is_clipped() -> None:
    (ticket,) = printed(raster(48, 255) + raster(48, 33) + CUT, "58mm")
    assert ticket.elements == (Image(width_dots=384, height_dots=288, bitmap=bytes([0xAA]) * (48 * 288)),)
    (wide,) = printed(raster(72, 8) + CUT, "58mm")
    assert isinstance(wide.elements[0], Image)
    assert wide.elements[0].clipped_dots == 192


def test_a_clone_that_reads_one_row_byte_prints_the_rest_as_text() -> None:
    (ticket,) = printed(raster(8, 288) + b"\n" + CUT, low_row_byte_only=True)
    assert isinstance(ticket.elements[0], Image)
    assert ticket.elements[0].height_dots == 32
    assert isinstance(ticket.elements[1], Line)


def test_answers_come_in_buffer_order() -> None:
    mechanism = machine()
    assert mechanism.feed(PROLOGUE + b"a\n" + CUT + FENCE) == bytes.fromhex("37 22") + b"0457\x00"
    assert mechanism.feed(bytes.fromhex("1D 72 01")) == b"\x00"
    mechanism.switches = Switches(paper="near_end", drawer="open")
    assert mechanism.feed(bytes.fromhex("1D 72 01 1D 72 02")) == b"\x03\x01"
    assert mechanism.feed(bytes.fromhex("1D 61 FF")) == bytes.fromhex("14 00 03 00")
    assert mechanism.feed(bytes.fromhex("1D 49 43")) == b"\x5fSIM-80mm\x00"


@pytest.mark.parametrize(("fence", "answer"), [("gs_r", b"\x00"), ("none", b"")])
def test_lesser_fences(fence: str, answer: bytes) -> None:
    assert machine(fence=fence).feed(FENCE + b"\x1dr\x01") == answer


def test_unknown_bytes_are_counted_and_their_parameters_print() -> None:
    (ticket,) = printed(b"\x1b?a\n\x7f" + CUT)
    assert ticket.unknown_bytes == 3
    assert text_of(ticket) == "a\n"


def test_only_the_last_tickets_are_kept() -> None:
    tickets = printed(CUT * (TICKETS_KEPT + 7))
    assert len(tickets) == TICKETS_KEPT
    assert tickets[-1].number == TICKETS_KEPT + 7


PIECES = [
    PROLOGUE,
    "Ñoquis con atún €\n".encode("cp858"),
    b"x" * 60 + b"\n",
    b"\x1d!\x11\x1bE\x01",
    b"\x1ba\x01\x1dB\x01",
    b"\x1b!\x38",
    qr(b"https://a.example/\x1d", size=4),
    raster(9, 5),
    b"\x1b*\x21\x02\x00abcdef",
    b"\x1b$\x40\x00\tz",
    b"\x1bp\x00\x19\xfa",
    b"\x10\x04\x01",
    b"\x10\x14\x01\x00\x01",
    b"\x1c&\xb0\xa1",
    b"\x1b?\x07\x03",
    b"\x1d(Z\x02\x00ab",
    FENCE,
    CUT,
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=12), max_size=12), st.lists(st.integers(1, 9), min_size=1))
def test_any_split_of_a_stream_gives_the_same_paper(pieces: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(pieces)
    whole, sliced = machine(), machine()
    answers = whole.feed(stream)
    sliced_answers = b""
    at = step = 0
    while at < len(stream):
        size = cuts[step % len(cuts)]
        sliced_answers += sliced.feed(stream[at : at + size])
        at, step = at + size, step + 1
    assert list(sliced.tickets) == list(whole.tickets)
    assert sliced.hanging == whole.hanging
    assert sliced.unknown_bytes == whole.unknown_bytes
    assert sliced_answers == answers


@given(st.lists(st.sampled_from([b"\x10\x04\x01", b"\x10\x14\x01\x00\x01", b"ab", b"\x10\x10", b"\x10\x05\x02"])))
def test_real_time_commands_are_found_byte_by_byte(pieces: list[bytes]) -> None:
    stream = b"".join(pieces)
    scanner = RealTimeScanner()
    single = [found for at in range(len(stream)) for found in scanner.feed(stream[at : at + 1])]
    assert single == RealTimeScanner().feed(stream)
    assert len(single) >= sum(piece[:2] in (b"\x10\x04", b"\x10\x05") for piece in pieces)
