"""What a projection's rows depend on, as one digest: another digest means that its tables must be made again from the log.

It covers the tables, the kinds of op, and the syntax tree of all that the functions reach in our own code: functions,
constants by their value, and structs. Comments, docstrings, annotations and layout are not in it. Of a struct it covers
the fields that every body has; one with a default counts only where something that was reached names it, because what
has its default is not stored.
"""

import ast
import hashlib
import inspect
import sys
from collections.abc import Iterator
from functools import lru_cache
from types import ModuleType

import msgspec

from shared.projections.projection import Projection

_OURS = frozenset({"shared", "sync", "edge", "cloud"})
_SILENT = frozenset(
    {"ctx", "type_comment", "kind", "type_ignores", "annotation", "returns"}
)  # parts that change nothing
_MOST_IMPORTS = 10  # that a name is followed through

_Definition = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
_Place = tuple[str, str]  # a module and a name in it


def fingerprint(projection: Projection) -> str:
    """The digest, in hexadecimal. A module costs a few milliseconds the first time it is reached."""
    starts = [(named.__module__, named.__qualname__) for pair in projection.project.items() for named in pair]
    packages = _OURS | {module.split(".")[0] for module, _ in starts}
    for start in starts:
        assert _place_of(*start, packages), f"{'.'.join(start)} does not stand at the top of a module of ours"
    things = _reached(starts, packages)
    words = {word for thing in things.values() for word in thing.words}
    words |= {column for table in projection.tables for column in table.columns}
    parts = [msgspec.json.encode(projection.tables), msgspec.json.encode(sorted(projection.kinds))]
    parts += [f"{module}.{name} {thing.told(words)}".encode() for (module, name), thing in sorted(things.items())]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


class _Thing(msgspec.Struct, frozen=True):
    """A function, a struct or a constant of ours."""

    definition: _Definition
    value: str | None  # of a constant that can be written down
    words: frozenset[str]  # attributes and texts in it
    leads_to: tuple[_Place, ...]

    def told(self, words: set[str]) -> str:
        """In words that change when what it does may change."""
        return self.value if self.value is not None else _tell(self.definition, words)


def _reached(starts: list[_Place], packages: frozenset[str]) -> dict[_Place, _Thing]:
    """Everything in our own code that these lead to, themselves among it."""
    things: dict[_Place, _Thing] = {}
    waiting = list(starts)
    while waiting:
        where = _place_of(*waiting.pop(), packages)
        if where is not None and where not in things:
            thing = things[where] = _thing(sys.modules[where[0]], where[1])
            waiting.extend(thing.leads_to)
    return things


def _place_of(module: str, name: str, packages: frozenset[str]) -> _Place | None:
    """Where a name is defined, through imports; None when that is not our code."""
    for _ in range(_MOST_IMPORTS):
        if module.split(".")[0] not in packages or module not in sys.modules:
            return None
        if name in _definitions(sys.modules[module]):
            return module, name
        imported = _imports(sys.modules[module]).get(name)
        if imported is None:
            return None
        module, name = imported
    raise AssertionError(f"{module}.{name} is imported in a circle")


@lru_cache(maxsize=2_000)
def _thing(module: ModuleType, name: str) -> _Thing:
    definition = _definitions(module)[name]
    value = (
        None if isinstance(definition, ast.FunctionDef | ast.ClassDef) else _plain(definition, vars(module).get(name))
    )
    if value is not None:
        return _Thing(definition, value, frozenset(), ())
    return _Thing(
        definition, None, frozenset(_words_in(definition)), tuple(dict.fromkeys(_names_in(module, definition)))
    )


@lru_cache(maxsize=500)
def _tree(module: ModuleType) -> ast.Module:
    is_folder = getattr(module, "__file__", None) is None
    tree: ast.Module = ast.parse("" if is_folder else inspect.getsource(module))
    return tree


@lru_cache(maxsize=500)
def _definitions(module: ModuleType) -> dict[str, _Definition]:
    found: dict[str, _Definition] = {}
    for node in _tree(module).body:
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                found[node.name] = node
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = node
    return found


@lru_cache(maxsize=500)
def _imports(module: ModuleType) -> dict[str, _Place]:
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in _tree(module).body
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
        for alias in node.names
    }


def _plain(definition: ast.Assign | ast.AnnAssign, value: object) -> str | None:
    """The value of a constant, when it has one that can be written down; what begins empty is filled as we run."""
    begins_empty = isinstance(definition.value, ast.Dict | ast.List) and not ast.unparse(definition.value)[1:-1]
    if value is None or begins_empty:
        return None
    try:
        return msgspec.json.encode(value, order="deterministic").decode()
    except (TypeError, msgspec.MsgspecError):
        return None


def _names_in(module: ModuleType, definition: _Definition) -> Iterator[_Place]:
    """What a definition speaks of: names of its module, and names in modules that it imports whole."""
    whole = {name: f"{home}.{inner}" for name, (home, inner) in _imports(module).items()}
    for node in ast.walk(definition):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if whole.get(name) in sys.modules:
                yield whole[name], attribute
            case ast.Name(id=name):
                yield module.__name__, name


def _words_in(definition: _Definition) -> Iterator[str]:
    for node in ast.walk(definition):
        match node:
            case ast.Attribute(attr=word) | ast.Constant(value=str(word)) | ast.keyword(arg=str(word)):
                yield word


def _tell(node: ast.AST, words: set[str]) -> str:
    """A syntax tree as text, without what changes nothing."""
    told = []
    for field, value in ast.iter_fields(node):
        if field in _SILENT or value is None or value == []:
            continue
        if isinstance(value, list):
            kept = [one for one in value if not _is_silent(one, words, within=node)]
            value = " ".join(_tell(one, words) if isinstance(one, ast.AST) else repr(one) for one in kept)
        told.append(f"{field}=[{_tell(value, words) if isinstance(value, ast.AST) else value!r}]")
    return f"{type(node).__name__}({' '.join(told)})"


def _is_silent(node: object, words: set[str], *, within: ast.AST) -> bool:
    """A docstring; or a field that bodies may lack and that nothing names."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr(), annotation=annotation):
            return isinstance(within, ast.ClassDef) and "ClassVar" not in ast.dump(annotation) and name not in words
    return False
