"""The door on the edge's OpenAPI page: Litestar describes its own handlers alone, and the door speaks ASGI itself."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import msgspec
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import OpenAPI

from doors.pages import API_PAGES
from edge.engine.door import MAX_COMMANDS
from edge.engine.slice import Rule, Slice
from shared.commands.base import CommandsAnswer
from shared.errors import Rejection
from shared.ids import ID_PATTERN

SCREENS = frozenset({"waiter", "pos", "kds", "manage", "console"})  # guests have a door of their own
_REFERENCE = "#/components/schemas/{name}"
_ANSWERS = {
    "200": ("Each command's answer, in order; at least one was done", CommandsAnswer),
    "409": ("Each command's answer, in order; all were refused", CommandsAnswer),
    "400": ("Nobody's request: nothing was decided", Rejection),
    "401": ("No device has this key", Rejection),
    "413": ("The request is too large", Rejection),
    "503": ("The edge is busy or writes no more: nothing was written", Rejection),
}


def openapi_with_door(slices: Iterable[Slice], *, title: str, path: str) -> OpenAPIConfig:
    """Litestar's page at `path`, with every command that a paired screen may ask under POST /commands."""
    rules = [rule for one in slices for rule in one.rules if rule.devices & SCREENS]

    class WithDoor(OpenAPI):
        def to_schema(self) -> dict[str, Any]:
            """As Litestar writes it, and the door."""
            page = super().to_schema()
            door, schemas = _door(rules)
            page["paths"]["/commands"] = door
            page["components"]["schemas"] |= schemas
            return page

    class Config(OpenAPIConfig):
        def to_openapi_schema(self) -> OpenAPI:
            """Litestar's own, that knows the door."""
            made = super().to_openapi_schema()
            return WithDoor(**{field.name: getattr(made, field.name) for field in fields(made)})

    return Config(title=title, version="1", path=path, render_plugins=API_PAGES)


def _door(rules: list[Rule[Any, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The path's item, and the schemas it refers to."""
    commands = [rule.command for rule in rules]
    _, schemas = msgspec.json.schema_components([*commands, CommandsAnswer, Rejection], ref_template=_REFERENCE)
    for command in commands:
        schemas[command.__name__]["properties"].pop("type")  # the name beside the body says it
        schemas[command.__name__]["required"].remove("type")
    asked = {
        "type": "object",
        "required": ["commands"],
        "properties": {
            "commands": {
                "type": "array",
                "minItems": 1,
                "maxItems": MAX_COMMANDS,
                "items": {"oneOf": [_ask(rule.name, rule.command.__name__) for rule in rules]},
            }
        },
    }
    operation = {
        "operationId": "Commands",
        "summary": "Commands",
        "description": "Ask commands. Each is decided in order; asking one again under its id does it once.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": asked}}},
        "responses": {
            status: {
                "description": about,
                "content": {"application/json": {"schema": {"$ref": _REFERENCE.format(name=body.__name__)}}},
            }
            for status, (about, body) in _ANSWERS.items()
        },
    }
    return {"post": operation}, schemas


def _ask(name: str, body: str) -> Mapping[str, Any]:
    """One command as it travels (`shared.commands.base.CommandAsk`)."""
    return {
        "type": "object",
        "required": ["id", "name", "body"],
        "properties": {
            "id": {"type": "string", "pattern": ID_PATTERN, "description": "Made by the asker, kept for ever"},
            "name": {"const": name},
            "body": {"$ref": _REFERENCE.format(name=body)},
            "asked_at_ms": {"type": "integer", "minimum": 0, "description": "When the person touched; 0 means now"},
            "staff_session": {"type": "string", "description": "Of the person signed in on the device"},
            "approval": {"type": "string", "description": "A manager's, of exactly this command"},
        },
    }
