"""Every op as it was first released decodes for ever, and loses nothing on the way.

A new op adds `ops/<kind>.json`. An op that gains a field keeps its file and adds `ops/<kind>.2.json`.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shared.ops import OPS, decode, encode

FILES = sorted((Path(__file__).parent / "ops").glob("*.json"))


def kind_of(file: Path) -> str:
    """The op that a file shows."""
    return file.name.split(".")[0]


def test_every_op_has_a_golden_file_and_every_file_an_op() -> None:
    assert {kind_of(file) for file in FILES} == set(OPS)


def lost(before: Any, after: Any, where: str = "") -> list[str]:
    """What of a body is not in what it was read as."""
    match before:
        case dict():
            assert isinstance(after, dict), where
            gone = [f"{where}.{name}" for name in before if name not in after]
            return gone + [
                text for name in before.keys() & after for text in lost(before[name], after[name], f"{where}.{name}")
            ]
        case list():
            assert isinstance(after, list) and len(before) == len(after), where
            return [text for n, one in enumerate(before) for text in lost(one, after[n], f"{where}[{n}]")]
    return [] if before == after and type(before) is type(after) else [where]


def whole(value: Any) -> Any:
    """What a body would say if it spelled out what has its default."""
    match value:
        case msgspec.Struct():
            return {name: whole(getattr(value, name)) for name in value.__struct_fields__}
        case tuple():
            return [whole(one) for one in value]
    return value


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_op_as_first_released_decodes_and_keeps_every_field(file: Path) -> None:
    body = file.read_bytes()
    op = decode(kind_of(file), body)
    assert op.tag == kind_of(file)
    assert op.subject
    assert lost(json.loads(body), {"type": op.tag, **whole(op)}) == []
    assert decode(op.tag, encode(op)) == op


@pytest.mark.parametrize("kind", OPS)
def test_a_field_that_came_later_has_a_default(kind: str) -> None:
    """The newest golden file shows every field: an op that grew without one would not be guarded."""
    newest = max((file for file in FILES if kind_of(file) == kind), key=lambda file: file.suffixes[:-1])
    assert set(json.loads(newest.read_bytes())) - {"type"} == set(OPS[kind].__struct_fields__)
