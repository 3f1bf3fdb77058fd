"""What people type, made fit for screens, paper and log lines."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text import one_line


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("sin sal", "sin sal"),
        ("  sin \n\n sal\t", "sin sal"),
        ("\x1b@\x1dV\x00corte", "@ V corte"),  # what an ESC/POS printer would obey
        ("\u202eabc\u2066", "abc"),  # what would turn the rest of the line around
        ("🌶️ y 👨‍👩‍👧", "🌶️ y 👨‍👩‍👧"),
        ("ñandú\u2028ají", "ñandú ají"),
        ("\r\x07", ""),
    ],
)
def test_a_text_becomes_one_harmless_line(typed: str, shown: str) -> None:
    assert one_line(typed) == shown


@given(st.text(max_size=60))
def test_a_line_has_no_control_bytes_and_stays_as_it_is(typed: str) -> None:
    line = one_line(typed)
    assert not {unicodedata.category(letter) for letter in line} & {"Cc", "Zl", "Zp", "Cs"}
    assert line == line.strip()
    assert len(line) <= len(typed)
    assert one_line(line) == line
