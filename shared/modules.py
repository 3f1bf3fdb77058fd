"""Every module of a package of the vocabulary: a new one is found by being there, and belongs to no list."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def modules_of(package: str, path: list[str]) -> list[ModuleType]:
    """The modules of a package, by name; `path` is the package's own `__path__`. Its `base` is no part of it."""
    names = sorted(module.name for module in iter_modules(path) if module.name != "base")
    return [import_module(f"{package}.{name}") for name in names]
