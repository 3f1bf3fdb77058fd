"""What crosses to a screen is one struct in shared/: no route and no screen has another of its own."""

import ast
import re
from pathlib import Path

from shared.schema import typescript

ROOT = Path(__file__).parents[2]
ROUTES = [*ROOT.glob("edge/*/routes.py"), *ROOT.glob("cloud/*/routes.py")]


def is_ask(made: ast.ClassDef) -> bool:
    """Whether a struct is what a route is asked: those forbid what they do not know."""
    return any(one.arg == "forbid_unknown_fields" for one in made.keywords)


def test_a_route_answers_with_structs_of_shared_alone() -> None:
    own = [
        f"{module.relative_to(ROOT)}: {node.name}"
        for module in ROUTES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and "msgspec.Struct" in map(ast.unparse, node.bases) and not is_ask(node)
    ]
    assert own == []


def test_no_screen_types_by_hand_what_shared_says() -> None:
    said = set(re.findall(r"^export (?:interface|type) (\w+)", typescript(), flags=re.MULTILINE))
    typed = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in sorted((ROOT / "webui/src").rglob("*.ts"))
        if "generated" not in file.parts and "paraglide" not in file.parts
        for name in re.findall(r"^(?:export )?interface (\w+)", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        if name in said
    ]
    assert typed == []
