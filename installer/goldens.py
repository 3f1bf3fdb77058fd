"""An example of each op that has none yet, and of each op that grew: what tests/golden/ops keeps for ever.

A file that is there is never written again: it shows the op as it was released.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import inspect as types

from shared.ops import OPS

FOLDER = Path(__file__).parent.parent / "tests" / "golden" / "ops"

#: By the end of a field's name: a value that a person would find there.
_NUMBERS = {"_ms": 1_772_841_600_000, "_minor": 120_000, "_bp": 2_100, "_s": 90}


def missing() -> Iterator[tuple[Path, str]]:
    """The files that are to be written, with their text."""
    for kind, op in OPS.items():
        kept = sorted(FOLDER.glob(f"{kind}.json")) + sorted(FOLDER.glob(f"{kind}.*.json"), key=_release)
        example = {"type": kind, **_struct(types.type_info(op))}
        if not kept:
            yield FOLDER / f"{kind}.json", _text(example)
        elif set(json.loads(kept[-1].read_bytes())) != set(example):
            yield FOLDER / f"{kind}.{len(kept) + 1}.json", _text(example)


def _release(file: Path) -> int:
    """2 of line_voided.2.json."""
    return int(file.name.split(".")[1])


def _text(example: dict[str, Any]) -> str:
    return json.dumps(example, ensure_ascii=False, indent=1) + "\n"


def _struct(found: types.Type) -> dict[str, Any]:
    assert isinstance(found, types.StructType)
    return {field.encode_name: _value(field.encode_name, field.type) for field in found.fields}


def _value(name: str, found: types.Type) -> Any:
    match found:
        case types.StructType():
            return _struct(found)
        case types.UnionType():
            return _value(name, next(one for one in found.types if not isinstance(one, types.NoneType)))
        case types.ListType() | types.VarTupleType():
            return [_value(name, found.item_type)]
        case types.TupleType():
            return [_value(name, one) for one in found.item_types]
        case types.DictType():
            return {"key": _value(name, found.value_type)}
        case types.Metadata():
            return _value(name, found.type)
    return _scalar(name, found)


def _scalar(name: str, found: types.Type) -> Any:
    match found:
        case types.LiteralType():
            return found.values[0]
        case types.BoolType():
            return True
        case types.IntType():
            return next((value for end, value in _NUMBERS.items() if name.endswith(end)), 3)
        case types.StrType():
            return "2026-03-06" if name.endswith("_day") else f"{name.removesuffix('_id')}-1"
    raise AssertionError(f"no example of {found} is known; {name} needs one written by hand")
