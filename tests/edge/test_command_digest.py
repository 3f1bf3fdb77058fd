"""What tells one wish from another under the same id."""

from collections.abc import Iterator

import msgspec
import pytest
from msgspec import inspect

from edge.app import SLICES
from shared.commands import COMMANDS
from shared.commands.base import Command, digest_of
from shared.commands.lines import LineAsk
from shared.commands.ordering import AddLines
from shared.commands.staff import SetPin


def adding(**more: object) -> AddLines:
    return AddLines(check_id="c1", lines=(LineAsk(line_id="l1", item_id="steak", **more),))  # type: ignore[arg-type]


@pytest.mark.parametrize("more", [{"quantity": 2}, {"note": "rare"}, {"modifier_ids": ("point/rare",)}])
def test_wishes_that_differ_deep_inside_have_different_digests(more: dict[str, object]) -> None:
    assert digest_of(adding()) == digest_of(adding()) != digest_of(adding(**more))


def test_commands_of_the_same_body_and_different_names_have_different_digests() -> None:
    class First(Command, frozen=True, kw_only=True, tag="first"):
        check_id: str

    class Second(Command, frozen=True, kw_only=True, tag="second"):
        check_id: str

    assert digest_of(First(check_id="c1")) != digest_of(Second(check_id="c1"))


def test_a_field_that_a_release_adds_changes_no_digest() -> None:
    class Before(Command, frozen=True, kw_only=True, tag="same"):
        check_id: str

    class After(Command, frozen=True, kw_only=True, tag="same"):
        check_id: str
        added: str = ""

    body = b'{"check_id": "c1"}'
    assert digest_of(msgspec.json.decode(body, type=Before)) == digest_of(msgspec.json.decode(body, type=After))


def test_a_secret_is_in_no_digest() -> None:
    """A PIN has a million values: whoever reads a digest over it has the PIN."""
    assert digest_of(SetPin(staff_id="ana", pin="314159")) == digest_of(SetPin(staff_id="ana", pin="271828"))


def test_whatever_is_prepared_before_the_queue_is_a_secret() -> None:
    rules = [rule for one in SLICES for rule in one.rules]
    assert {rule.name for rule in rules if rule.prepare} == {
        name for name, command in COMMANDS.items() if command.SECRETS
    }


def asked_structs(found: inspect.Type) -> Iterator[type]:
    """The structs of shared/commands within a type."""
    match found:
        case inspect.StructType():
            if found.cls.__module__.startswith("shared.commands."):
                yield found.cls
                for field in found.fields:
                    yield from asked_structs(field.type)
        case inspect.ListType() | inspect.VarTupleType():
            yield from asked_structs(found.item_type)
        case inspect.UnionType():
            for one in found.types:
                yield from asked_structs(one)
        case inspect.Metadata():
            yield from asked_structs(found.type)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_struct_of_a_command_leaves_its_defaults_out(name: str) -> None:
    for struct in asked_structs(inspect.type_info(COMMANDS[name])):
        assert struct.__struct_config__.omit_defaults, struct  # type: ignore[attr-defined]
