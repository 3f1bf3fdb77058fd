"""Vocabulary → TypeScript for the screens, a module a name. `python -m installer.generated` writes them."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any, get_args

import msgspec
from msgspec import inspect

from shared.answers import ANSWERS
from shared.commands import COMMANDS, CommandAnswer
from shared.errors import CODES, GUEST_CODES, Rejection
from shared.frames import BYES, ENDING_BYES, EdgeFrame, GuestBeat, Hello, Here
from shared.limits import GENERATED, limits
from shared.menu import ALLERGENS
from shared.permissions import PERMISSIONS, ROLES
from shared.reasons import REASONS
from shared.views import VIEWS
from shared.views.past import ANSWERS as PAST
from shared.views.shown import ShownTotals, stored_form

_FRAMES = (Hello, Here, *get_args(EdgeFrame), GuestBeat)

_HEAD = GENERATED

_SCALARS: dict[type[inspect.Type], str] = {
    inspect.StrType: "string",
    inspect.IntType: "number",
    inspect.FloatType: "number",
    inspect.BoolType: "boolean",
    inspect.NoneType: "null",
    inspect.RawType: "unknown",
    inspect.AnyType: "unknown",
}


def typescript() -> str:
    """One module: an interface for each view, each command's body and whatever else travels, and the names they go by."""
    structs: dict[str, str] = {}
    for struct in (
        *VIEWS.values(),
        *PAST,
        *ANSWERS,
        ShownTotals,
        CommandAnswer,
        Rejection,
        *_FRAMES,
        *COMMANDS.values(),
    ):
        _collect(inspect.type_info(struct), structs)
    parts = [
        _HEAD,
        _union("Permission", PERMISSIONS),
        _union("StaffRole", ROLES),
        _union("Allergen", ALLERGENS),
        _union("RejectionCode", CODES),
        _union("ReasonCode", REASONS),
        _union("ByeCode", BYES),
        *structs.values(),
        f"export type EdgeFrame = {' | '.join(_frame_name(frame) for frame in get_args(EdgeFrame))};\n",
        "/** The device is none of this venue's: it does not come back by itself. No other bye ends a feed. */",
        f"export const ENDING_BYES: readonly string[] = [{', '.join(map(_quoted, ENDING_BYES))}];\n",
        _table("Views", ((kind, view.__name__) for kind, view in VIEWS.items())),
        _table("Commands", ((name, command.__name__) for name, command in COMMANDS.items())),
    ]
    return "\n".join(parts)


def vocabulary() -> str:
    """A short digest of the whole vocabulary: what one form of it made is not to be read by another."""
    return blake2b(typescript().encode(), digest_size=8).hexdigest()


def _collect(found: inspect.Type, structs: dict[str, str]) -> None:
    """The interfaces of a struct and of every struct in its fields, those it needs first."""
    match found:
        case inspect.StructType():
            if _name(found) in structs:
                return
            for field in found.fields:
                _collect(field.type, structs)
            structs[_name(found)] = _interface(found)
        case inspect.UnionType():
            for one in found.types:
                _collect(one, structs)
        case inspect.ListType() | inspect.VarTupleType():
            _collect(found.item_type, structs)
        case inspect.TupleType():
            for one in found.item_types:
                _collect(one, structs)
        case inspect.DictType():
            _collect(found.value_type, structs)
        case inspect.Metadata():
            _collect(found.type, structs)


def _name(struct: inspect.StructType) -> str:
    return _frame_name(struct.cls) if _is_frame(struct.cls) else stored_form(struct.cls).__name__


def _frame_name(frame: type) -> str:
    """Frames go by short names, which views and reports have too."""
    return f"{frame.__name__}Frame"


def _is_frame(cls: type) -> bool:
    return cls in (Hello, Here, *get_args(EdgeFrame))


def _interface(struct: inspect.StructType) -> str:
    about = (stored_form(struct.cls).__doc__ or "").strip().splitlines()[0]
    is_asked = issubclass(struct.cls, msgspec.Struct) and bool(struct.forbid_unknown_fields)
    lines = [f"/** {about} */", f"export interface {_name(struct)} {{"]
    if _is_frame(struct.cls):
        lines.append(f'  {struct.tag_field}: "{struct.tag}";')
    for field in struct.fields:
        optional = "?" if is_asked and not field.required else ""
        lines.append(f"  {field.encode_name}{optional}: {_type(field.type)};")
    return "\n".join([*lines, "}", ""])


def _type(found: inspect.Type) -> str:
    match found:
        case inspect.StructType():
            return _name(found)
        case inspect.LiteralType():
            return " | ".join(map(_quoted, found.values))
        case inspect.UnionType():
            return " | ".join(_type(one) for one in found.types)
        case inspect.ListType() | inspect.VarTupleType():
            inner = _type(found.item_type)
            return f"({inner})[]" if " | " in inner else f"{inner}[]"
        case inspect.TupleType():
            return f"[{', '.join(_type(one) for one in found.item_types)}]"
        case inspect.DictType():
            return f"Record<string, {_type(found.value_type)}>"
        case inspect.Metadata():
            return _type(found.type)
        case inspect.LiteralType():
            return " | ".join(f'"{word}"' for word in found.values)
    return _SCALARS[type(found)]


def _union(name: str, words: Any) -> str:
    return f"export type {name} = {' | '.join(map(_quoted, words))};\n"


def _quoted(word: object) -> str:
    return f'"{word}"'


def _table(name: str, rows: Iterator[tuple[str, str]]) -> str:
    lines = [f"  {key}: {value};" for key, value in rows]
    return "\n".join([f"/** {name} by the name they travel under. */", f"export interface {name} {{", *lines, "}", ""])


def rejection_words(name: str, codes: Iterable[str]) -> str:
    """A table from each code to its message: `rejections_<code>` in webui/messages, in every language.

    `unreachable` is no word of the edge's: a screen says it when no edge answers.
    """
    words = [f"  {code}: m.rejections_{code}," for code in sorted({*codes, "failed", "unreachable"})]
    about = "/** The message of each rejection code of shared/errors.py; its parameters are the code's facts. */"
    return "\n".join(
        [_HEAD, 'import * as m from "$lib/messages";\n', about, f"export const {name} = {{", *words, "};", ""]
    )


def modules() -> dict[str, str]:
    """The text of every generated TypeScript module, by its file name."""
    return {
        "vocabulary.ts": typescript(),
        "limits.ts": limits(COMMANDS.values()),
        "rejections-staff.ts": rejection_words("STAFF_WORDS", CODES),
        "rejections-guest.ts": rejection_words("GUEST_WORDS", GUEST_CODES),
    }
