"""What each field of a command may hold → TypeScript: the edge decodes by these limits, and forms say them beside the field."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import inspect

from shared.commands.base import Command

GENERATED = """// Made from shared/ by `make types`. Never edit: change shared/ and make it again.
"""
_ABOUT = """/** What a field may hold. A form says it before the edge refuses it. */
export interface Limit {
  /** The fewest and the most letters of a text. */
  minLength?: number;
  maxLength?: number;
  /** The smallest and the greatest number. */
  min?: number;
  max?: number;
  /** The only words it may be. */
  choices?: readonly string[];
}
"""


def limits(commands: Iterable[type[Command]]) -> str:
    """One module: a constant for each command that has limits, so that a page carries only those of its forms."""
    return "\n".join([GENERATED, _ABOUT, *(line for command in commands for line in _command(command))])


def _command(command: type[Command]) -> Iterator[str]:
    found = inspect.type_info(command)
    assert isinstance(found, inspect.StructType)
    limited = {field.encode_name: limit for field in found.fields if (limit := limit_of(field.type))}
    if limited:
        lines = (f"  {name}: {_object(limit)}," for name, limit in limited.items())
        yield "\n".join(
            [f"export const {_constant(command)} = {{", *lines, "} as const satisfies Record<string, Limit>;\n"]
        )


def limit_of(found: inspect.Type) -> dict[str, Any]:
    """The limits of one type; of those that may be left out, the limits of what they are otherwise."""
    match found:
        case inspect.Metadata():
            return {**limit_of(found.type), **(found.extra or {})}
        case inspect.UnionType():
            several = [one for one in found.types if not isinstance(one, inspect.NoneType)]
            return limit_of(several[0]) if len(several) == 1 else {}
        case inspect.StrType():
            return _said(minLength=found.min_length, maxLength=found.max_length)
        case inspect.IntType():
            return _said(min=_least(found), max=_most(found))
    return {}


def _least(found: inspect.IntType) -> int | None:
    return found.ge if found.gt is None else found.gt + 1


def _most(found: inspect.IntType) -> int | None:
    return found.le if found.lt is None else found.lt - 1


def _said(**limits: int | None) -> dict[str, Any]:
    return {name: limit for name, limit in limits.items() if limit is not None}


def _object(limit: dict[str, Any]) -> str:
    return f"{{ {', '.join(f'{name}: {json.dumps(value)}' for name, value in limit.items())} }}"


def _constant(command: type[Command]) -> str:
    first, *rest = str(command.__struct_config__.tag).split("_")
    return "".join([first, *(word.title() for word in rest)])
