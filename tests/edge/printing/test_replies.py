"""What printers send back, however it is mixed and sliced."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.printing.transports.replies import Replies, Reply, fault_in

AUTOMATIC = bytes([0x38, 0x00, 0x0F, 0x00])  # cover open and paper out, unasked
STREAM = b"".join(
    (AUTOMATIC, b"\x12", b"\x00", b"\x11\x13", b'7"0457\x00', AUTOMATIC, b"\x0f", b"7%\x00", b"\x5fSIM-80\x00", b"\x1e")
)
READ = [
    Reply("status", b"\x12"),
    Reply("passed", b"\x00"),
    Reply("process_id", b"0457"),
    Reply("passed", b"\x0f"),
    Reply("cleared"),
    Reply("text", b"SIM-80"),
    Reply("status", b"\x1e"),
]


@settings(deadline=None)
@given(st.sets(st.integers(1, len(STREAM) - 1)))
def test_answers_are_told_apart_however_the_network_slices_them(cuts: set[int]) -> None:
    replies = Replies()
    edges = [0, *sorted(cuts), len(STREAM)]
    slices = [STREAM[start:end] for start, end in pairwise(edges)]
    assert [reply for one in slices for reply in replies.feed(one)] == READ


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_noise_is_survived(noise: bytes) -> None:
    replies = Replies()
    list(replies.feed(noise + bytes(8)))
    assert Reply("status", b"\x12") in list(replies.feed(b"\x00\x00\x00\x00\x12"))


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({1: 0x12}, ""),
        ({1: 0x1A, 2: 0x32, 4: 0x7E}, "paper_out"),
        ({1: 0x1A, 2: 0x32}, "paper_out"),
        ({1: 0x1A, 2: 0x16, 4: 0x7E}, "cover_open"),
        ({1: 0x1A, 2: 0x52, 4: 0x12}, "error"),
        ({1: 0x1A}, "error"),
        ({1: 0x16}, ""),
        ({1: 0x12, 2: 0x12, 4: 0x1E}, ""),
    ],
)
def test_the_manuals_vectors_are_read(answers: dict[int, int], fault: str) -> None:
    assert fault_in(answers) == fault
