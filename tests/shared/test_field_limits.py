"""What a form is told that a field may hold is what the edge takes, to the letter."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from shared.commands import COMMANDS
from shared.limits import limit_of, limits

FIELDS = [
    (name, field, limit)
    for name, command in COMMANDS.items()
    for field in inspect.type_info(command).fields  # type: ignore[attr-defined]
    if (limit := limit_of(field.type))
]


def within_and_beyond(limit: dict[str, Any]) -> Iterator[tuple[object, bool]]:
    if "choices" in limit:
        yield from ((word, True) for word in limit["choices"])
        yield from ((word, False) for word in ("nope", limit["choices"][-1] + "x", limit["choices"][-1] + "\n"))
        return
    for name, step in (("min", -1), ("max", 1)):
        if name in limit:
            yield from ((limit[name], True), (limit[name] + step, False))
    for name, step in (("minLength", -1), ("maxLength", 1)):
        if name in limit:
            yield from (("a" * limit[name], True), ("a" * (limit[name] + step), False))


@pytest.mark.parametrize(("name", "field", "limit"), FIELDS, ids=[f"{name}.{field.name}" for name, field, _ in FIELDS])
def test_a_form_and_the_edge_agree(name: str, field: inspect.Field, limit: dict[str, Any]) -> None:
    (hint,) = (one.type for one in msgspec.structs.fields(COMMANDS[name]) if one.name == field.name)
    for value, is_within in within_and_beyond(limit):
        try:
            msgspec.convert(value, hint)
            is_taken = True
        except msgspec.ValidationError:
            is_taken = False
        assert is_taken == is_within, f"{name}.{field.name}: {value!r}"


def test_what_may_be_left_out_has_the_limits_of_what_it_is() -> None:
    text = limits([COMMANDS["change_printer"]])
    assert "export const changePrinter = {" in text
    assert "  printer_name: { minLength: 1, maxLength: 80 }," in text
    assert "  port: { min: 1, max: 65535 }," in text
    assert '  fence: { choices: ["process_id", "gs_r", "none"] },' in text
