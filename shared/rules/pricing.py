"""What a line costs: the one place where a menu becomes a price."""

from collections.abc import Collection, Sequence

from shared.commands.lines import LineAsk
from shared.errors import Rejected
from shared.ids import DraftId, LineId, VariantId
from shared.lines import ChosenModifier, OrderedLine
from shared.menu import ALLERGENS, MenuItem, Modifier, ModifierGroup, Variant
from shared.rules.menu_book import MenuBook
from shared.text import one_line


def price_line(
    book: MenuBook, ask: LineAsk, *, sold_out: Collection[str] = (), draft_id: str = "", for_guest: bool = False
) -> OrderedLine:
    """The line that an ask means today, with its price.

    A variant's price stands instead of the item's. Modifiers add theirs, but for the first `free_count` chosen of a
    group. A guest cannot ask for what the menu hides from guests.

    A guest's line has its item's course: when it is made is a waiter's say.

    Raises:
        Rejected: `item_unknown`, `item_sold_out`, `variant_unknown`, `variant_missing`, `modifier_unknown`,
            `modifier_too_few`, `modifier_too_many`; `malformed` for an allergy that is none; `price_changed` when the
            device showed another unit price.
    """
    check_allergies(ask.allergies)
    item = book.items.get(ask.item_id)
    if item is None or (for_guest and item.is_hidden_from_guests):
        raise Rejected("item_unknown", item_id=ask.item_id)
    if item.id in sold_out:
        raise Rejected("item_sold_out", name=item.name)
    variant = _variant(item, ask.variant_id)
    modifiers = _modifiers(book.groups_of(item), ask.modifier_ids, item)
    price_minor = item.price_minor if variant is None else variant.price_minor
    unit_minor = max(price_minor + sum(chosen.price_minor for chosen in modifiers), 0)
    if ask.shown_minor is not None and ask.shown_minor != unit_minor:
        raise Rejected("price_changed", name=item.name, price_minor=unit_minor, shown_minor=ask.shown_minor)
    return OrderedLine(
        line_id=LineId(ask.line_id),
        item_id=item.id,
        name=item.name,
        short_name=item.short_name,
        category_id=item.category_id,
        variant_id=VariantId("") if variant is None else variant.id,
        variant_name="" if variant is None else variant.name,
        modifiers=modifiers,
        quantity=ask.quantity,
        unit_minor=unit_minor,
        gross_minor=unit_minor * ask.quantity,
        vat_bp=item.vat_bp,
        course=item.course if for_guest else ask.course or item.course,
        station_id=item.station_id,
        note=one_line(ask.note),
        allergies=ask.allergies,
        seat=ask.seat,
        draft_id=DraftId(draft_id),
    )


def check_allergies(named: Collection[str]) -> None:
    """Let only allergies through that every screen and paper has words for.

    Raises:
        Rejected: `malformed`.
    """
    unknown = sorted(set(named).difference(ALLERGENS)) if named else ()
    if unknown:
        raise Rejected("malformed", where="allergies", why=f"no allergy is called {unknown[0][:40]}")


def ask_of(line: OrderedLine) -> LineAsk:
    """What must have been asked to get this line: for pricing it again against another menu."""
    return LineAsk(
        line_id=line.line_id,
        item_id=line.item_id,
        variant_id=line.variant_id,
        modifier_ids=tuple(_id_of(chosen) for chosen in line.modifiers),
        quantity=line.quantity,
        course=line.course,
        note=line.note,
        allergies=line.allergies,
        seat=line.seat,
    )


def choices_of(book: MenuBook, ask: LineAsk, before: OrderedLine) -> tuple[ChosenModifier, ...]:
    """The options of a line that has others now: what was chosen before stays at its price, also where no menu has it any more.

    An option of a group with free ones costs what its place among the chosen makes it cost.

    Raises:
        Rejected: `item_unknown` for a new option of a dish that left the menu; `modifier_unknown`, `modifier_too_few`,
            `modifier_too_many`.
    """
    held = {_id_of(chosen): chosen for chosen in before.modifiers}
    item = book.items.get(ask.item_id)
    groups = () if item is None else book.groups_of(item)
    on_menu = {f"{group.id}/{modifier.id}": group for group in groups for modifier in group.modifiers}
    gone = tuple(held[id] for id in dict.fromkeys(ask.modifier_ids) if id in held and id not in on_menu)
    wanted = [id for id in ask.modifier_ids if id in on_menu or id not in held]
    if item is None:
        if wanted:
            raise Rejected("item_unknown", item_id=ask.item_id)
        return gone
    chosen = _modifiers(groups, wanted, item)
    return gone + tuple(one if on_menu[_id_of(one)].free_count else held.get(_id_of(one), one) for one in chosen)


def _id_of(chosen: ChosenModifier) -> str:
    return f"{chosen.group_id}/{chosen.modifier_id}"


def _variant(item: MenuItem, variant_id: str) -> Variant | None:
    if not variant_id:
        if item.variants:
            raise Rejected("variant_missing", name=item.name)
        return None
    for variant in item.variants:
        if variant.id == variant_id:
            return variant
    raise Rejected("variant_unknown", name=item.name)


def _modifiers(
    groups: Sequence[ModifierGroup], modifier_ids: Sequence[str], item: MenuItem
) -> tuple[ChosenModifier, ...]:
    if not groups and not modifier_ids:  # as most dishes are ordered
        return ()
    wanted = list(dict.fromkeys(modifier_ids))
    known = {f"{group.id}/{modifier.id}": (group, modifier) for group in groups for modifier in group.modifiers}
    if any(id not in known for id in wanted):
        raise Rejected("modifier_unknown", name=item.name)
    chosen: list[ChosenModifier] = []
    for group in groups:
        of_group = [modifier for id in wanted for one, modifier in [known[id]] if one is group]
        _check_count(group, len(of_group))
        chosen += [_chosen(group, modifier, place) for place, modifier in enumerate(of_group)]
    return tuple(chosen)


def _check_count(group: ModifierGroup, count: int) -> None:
    if count < group.min:
        raise Rejected("modifier_too_few", group=group.name, min=group.min)
    if count > group.max:
        raise Rejected("modifier_too_many", group=group.name, max=group.max)


def _chosen(group: ModifierGroup, modifier: Modifier, place: int) -> ChosenModifier:
    return ChosenModifier(
        group_id=group.id,
        modifier_id=modifier.id,
        name=modifier.name,
        price_minor=0 if place < group.free_count else modifier.price_minor,
    )
