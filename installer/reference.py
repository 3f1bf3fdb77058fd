"""The vocabulary and the settings as pages under docs/reference. `python -m installer.reference` writes them.

With `--check` it only says which pages are not what the code says, and fails if any is.
"""

import argparse
import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect as types

import cloud.settings
import edge.settings
from edge.app import SLICES
from edge.engine.slice import Rule
from installer.command_pages import hos
from installer.table_pages import tables
from shared.commands import COMMANDS
from shared.errors import CODES
from shared.ids import END
from shared.ops import OPS
from shared.permissions import PERMISSIONS, ROLES
from shared.views import VIEWS
from shared.views.shown import stored_form

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
_HEAD = "<!-- Made by `make types`. Never edit: change the code and make it again. -->\n"
_PRIMITIVES: dict[type[types.Type], str] = {
    types.StrType: "text",
    types.IntType: "whole number",
    types.FloatType: "number",
    types.BoolType: "yes or no",
    types.NoneType: "nothing",
    types.RawType: "JSON",
    types.AnyType: "JSON",
}
_RULES: dict[str, Rule[Any, Any]] = {rule.name: rule for one in SLICES for rule in one.rules}


def settings() -> str:
    """Every setting of the two programs."""
    parts = [
        _HEAD,
        "# Settings\n",
        "A program reads its settings from the environment when it starts. An empty variable counts as not set.\n",
    ]
    for title, module in (("edge", edge.settings), ("cloud", cloud.settings)):
        parts.append(f"## `hos {title}`\n")
        parts.append(_table(("variable", "default", "what it is"), _settings_of(module)))
    return "\n".join(parts)


def commands() -> str:
    """Every command: who may ask it, what it carries, what refuses it."""
    parts = [
        _HEAD,
        "# Commands\n",
        "What may be asked of the edge, by the name it travels under. Devices ask through `POST /commands`, guests"
        " through `POST /guest-api/commands`. Each command has an id of its asker's making; asked twice, it is done"
        " once. What refuses it is a code of [the rejections](rejections.md).\n",
    ]
    named: dict[str, type] = {}
    for name, command in COMMANDS.items():
        parts += [f"## `{name}`\n", f"{_about(command)}\n", _fields(command, named), f"Asked by: {_askers(name)}.\n"]
        refused = _refusals(_RULES[name].decide) if name in _RULES else ""
        if refused:
            parts.append(f"Refused with: {refused}\n")
    return "\n".join([*parts, *_structs(named)])


def ops() -> str:
    """Every op, as the log keeps it."""
    parts = [
        _HEAD,
        "# Ops\n",
        "What happened, for ever: one JSON object for each entry of the log, under its `type`. Fields are added with"
        " a default; nothing is renamed, retyped or reused.\n",
    ]
    named: dict[str, type] = {}
    for kind, op in OPS.items():
        parts += [f"## `{kind}`\n", f"{_about(op)} Its subject is `{op.SUBJECT}`.\n", _fields(op, named)]
    return "\n".join([*parts, *_structs(named)])


def views() -> str:
    """Every view, as the feed carries it."""
    roles = {view.kind: view.roles for one in SLICES for view in one.views}
    parts = [
        _HEAD,
        "# Views\n",
        "What screens are shown, by the kind it travels under in the feed. A view is whole: a newer one replaces it.\n",
    ]
    named: dict[str, type] = {}
    for kind, view in VIEWS.items():
        parts += [f"## `{kind}`\n", f"{_about(view)}\n", _fields(view, named)]
        if kind in roles:
            parts.append(f"Shown to: {', '.join(sorted(roles[kind]))}.\n")
    return "\n".join([*parts, *_structs(named)])


def rejections() -> str:
    """Every code that a rule may refuse with."""
    rows = ((f"`{code}`", *_split(text)) for code, text in CODES.items())
    return "\n".join(
        [
            _HEAD,
            "# Rejections\n",
            "A rule's no. Nothing was written, and the answer carries facts that a screen puts in words.\n",
            _table(("code", "what it means", "facts"), rows),
        ]
    )


def permissions() -> str:
    """Every permission, and the roles that have it."""
    rows = (
        (f"`{permission}`", text, ", ".join(role for role, those in ROLES.items() if permission in those))
        for permission, text in PERMISSIONS.items()
    )
    return "\n".join(
        [
            _HEAD,
            "# Permissions\n",
            "What a person may do follows from their role; a manager's PIN lends one permission to one command.\n",
            _table(("permission", "lets a person", "roles"), rows),
        ]
    )


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "ops.md": ops,
    "views.md": views,
    "rejections.md": rejections,
    "permissions.md": permissions,
    "settings.md": settings,
    "tables.md": tables,
    "hos.md": hos,
}


def stale() -> list[str]:
    """Pages that are not what the code says."""
    return [
        name
        for name, page in PAGES.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != page()
    ]


def main() -> int:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is out of date")
    if parser.parse_args().check:
        for name in stale():
            print(f"docs/reference/{name} is not what the code says: run make types", file=sys.stderr)
        return 1 if stale() else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale():
        (FOLDER / name).write_text(PAGES[name](), encoding="utf-8")
    return 0


def _settings_of(module: Any) -> Iterator[tuple[str, str, str]]:
    """Name, default and meaning, from the comment that stands beside each field."""
    source = inspect.getsource(module.Settings)
    lines = source.splitlines()
    fields = {field.name: field for field in msgspec.structs.fields(module.Settings)}
    for node in ast.parse(source).body[0].body:  # type: ignore[attr-defined]  # a class
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            text = " ".join(lines[node.lineno - 1 : node.end_lineno])
            found = re.search(r"# (HOS_\w+): (.*)$", text)
            assert found, f"{module.__name__}: say beside {node.target.id} which variable it is, and what for"
            default = fields[node.target.id].default
            yield f"`{found[1]}`", _default(default), re.sub(r"\s+\)$", "", found[2])


def _default(default: object) -> str:
    if default is msgspec.NODEFAULT:
        return "must be set"
    if default in ("", None):
        return "none"
    return f"`{default}`"


def _askers(name: str) -> str:
    if name not in _RULES:
        return "nobody yet"
    devices = _RULES[name].devices
    if devices == {"guest"}:
        return "a guest's phone"
    return ", ".join(sorted(devices - {"edge"})) or "the edge itself"


def _refusals(decide: Callable[..., object]) -> str:
    """The Raises of a rule, on one line."""
    _, _, raises = (inspect.getdoc(decide) or "").partition("Raises:")
    return " ".join(raises.replace("Rejected:", "").split())


def _about(struct: type) -> str:
    return " ".join((inspect.getdoc(struct) or "").split())


def _fields(struct: type, named: dict[str, type]) -> str:
    """A table of its fields; structs among them are put in `named`."""
    comments = _comments(struct)
    rows = []
    for field in types.type_info(struct).fields:  # type: ignore[attr-defined]  # a struct
        default = "" if field.required else _written(field.default)
        rows.append((f"`{field.encode_name}`", _kind(field.type, named), default, comments.get(field.name, "")))
    return _table(("field", "kind", "default", ""), rows) if rows else "It carries nothing.\n"


def _written(default: Any) -> str:
    return f"`{msgspec.json.encode(default).decode()}`" if default is not msgspec.NODEFAULT else ""


def _comments(struct: type) -> dict[str, str]:
    """What the source says beside each field."""
    found = re.finditer(r"^    (\w+): [^#\n]*  # (.*)$", inspect.getsource(struct), re.MULTILINE)
    return {match[1]: match[2] for match in found}


def _structs(named: dict[str, type]) -> Iterator[str]:
    """A section for each struct that the others are made of, and for those that these are made of."""
    done: set[str] = set()
    if named:
        yield "# What they are made of\n"
    while waiting := [name for name in named if name not in done]:
        for name in waiting:
            done.add(name)
            yield f"## {name}\n"
            yield f"{_about(named[name])}\n"
            yield _fields(named[name], named)


def _kind(found: types.Type, named: dict[str, type]) -> str:
    match found:
        case types.StructType():
            struct = stored_form(found.cls)
            named[struct.__name__] = struct
            return f"[{struct.__name__}](#{struct.__name__.lower()})"
        case types.UnionType():
            return " or ".join(_kind(one, named) for one in found.types)
        case types.ListType() | types.VarTupleType():
            return f"list of {_kind(found.item_type, named)}"
        case types.TupleType():
            return f"[{', '.join(_kind(one, named) for one in found.item_types)}]"
        case types.DictType():
            return f"{_kind(found.value_type, named)} by name"
        case types.Metadata():
            return _kind(found.type, named)
    return _PRIMITIVES[type(found)] + _limits(found)


def _limits(found: types.Type) -> str:
    match found:
        case types.IntType(ge=least, le=most) if least is not None and most is not None:
            return f", {least} to {most}"
        case types.StrType(pattern=pattern) if pattern:
            return f" like `{pattern.replace(END, '$')}`"
        case types.StrType(max_length=most) if most is not None:
            return f", {most} characters at most"
    return ""


def _split(text: str) -> tuple[str, str]:
    meaning, _, facts = text.rpartition("; ")
    if not meaning or not re.fullmatch(r"[a-z_]+(, [a-z_]+)*", facts):
        return text, ""
    return meaning, ", ".join(f"`{fact}`" for fact in facts.split(", "))


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(headings)
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
