"""What a draft may hold, how many a party may leave lying, and what of them another phone sees."""

from typing import Any

import msgspec
from guests_builders import BIFE, MINE, THEIRS, a_desk, a_draft, a_line, an_ask, by, rejects
from msgspec.structs import replace

from edge.guests.decide import change_draft, submit_draft
from edge.guests.drafts import BYTES_OF_DRAFT, DRAFTS_OF_VISIT, LINES_OF_DRAFT
from edge.guests.stream import OTHERS_SHOWN, as_seen_by
from shared.commands.guests import ChangeDraft, SubmitDraft
from shared.ids import GroupId, ModifierId
from shared.menu import Modifier, ModifierGroup
from shared.ops import encode
from shared.rules.menu_book import MenuBook
from shared.views.guests import DraftView, GuestView
from shared.views.shown import ShownLine

#: A menu that is legal and generous: two questions with twenty answers each, all of which may be chosen.
GROUPS = {
    GroupId(f"g{group}"): ModifierGroup(
        id=GroupId(f"g{group}"),
        name=f"Extra {group}",
        max=20,
        modifiers=tuple(
            Modifier(id=ModifierId(f"m{n}"), name=f"Agregado largo con nombre {group}-{n}") for n in range(20)
        ),
    )
    for group in range(2)
}
RICH = MenuBook(version=4, items={BIFE.id: replace(BIFE, group_ids=tuple(GROUPS))}, groups=GROUPS)
ALL = tuple(f"g{group}/m{n}" for group in range(2) for n in range(20))


def asked(count: int, **changes: object) -> SubmitDraft:
    return SubmitDraft(draft_id="d1", lines=tuple(an_ask(f"l{n}", **changes) for n in range(count)))


def test_a_draft_has_as_many_lines_as_a_phone_may_order_at_once() -> None:
    assert len(submit_draft(asked(LINES_OF_DRAFT), a_desk(), by())) == 1
    with rejects("too_many_lines", max=LINES_OF_DRAFT):
        submit_draft(asked(LINES_OF_DRAFT + 1), a_desk(), by())


def test_a_change_is_bound_like_a_first_draft() -> None:
    change = ChangeDraft(draft_id="d1", lines=asked(LINES_OF_DRAFT + 1).lines)
    with rejects("too_many_lines", max=LINES_OF_DRAFT):
        change_draft(change, a_desk(a_draft()), by())


def test_a_small_request_makes_no_large_entry() -> None:
    """The names that an entry keeps are the menu's: ids of a few bytes each once became fourteen times as much."""
    desk = a_desk(book=RICH)
    with rejects("too_large", limit_bytes=BYTES_OF_DRAFT):
        submit_draft(asked(LINES_OF_DRAFT, modifier_ids=ALL), desk, by())
    [op] = submit_draft(asked(LINES_OF_DRAFT, modifier_ids=ALL[:3] + ALL[20:23]), desk, by())
    assert len(encode(op)) < BYTES_OF_DRAFT + 2_000


def test_a_party_leaves_only_so_many_drafts_lying_that_nobody_took() -> None:
    assert submit_draft(asked(1), a_desk(unsettled=DRAFTS_OF_VISIT - 1), by())
    with rejects("too_many_drafts", max=DRAFTS_OF_VISIT):
        submit_draft(asked(1), a_desk(unsettled=DRAFTS_OF_VISIT), by())


def a_view(draft_id: str, phone_id: str) -> DraftView:
    line = msgspec.convert(a_line(note="sin sal"), ShownLine, from_attributes=True)
    columns: dict[str, Any] = dict.fromkeys(
        ("table_id", "table_label", "claimed_by", "claimed_by_name", "check_id", "reason"), ""
    )
    numbers: dict[str, Any] = dict.fromkeys(("submitted_at_ms", "expires_at_ms", "claimed_at_ms", "settled_at_ms"), 1)
    return DraftView(
        draft_id=draft_id, visit_id="v1", phone_id=phone_id, state="rejected", lines=(line,), note="sorpresa para Laura",
        allergies=("nuts",), total_minor=12_000_00, reason_note="se terminó", edits=(("l1", "note"),), sold_out=("l1",),
        price_changed=("l1",), **columns, **numbers,
    )  # fmt: skip


def a_visit_with(*drafts: DraftView) -> GuestView:
    return GuestView(
        visit_id="v1", is_over=False, venue_name="Prueba", table_label="1", drafts=drafts, lines=(), covers=2,
        cover_charge_minor=0, total_minor=0, paid_minor=0, calls=(), answered_by="", menu_version=1, sold_out=(),
    )  # fmt: skip


def test_of_another_phones_draft_there_is_one_line_and_nothing_that_its_guest_wrote() -> None:
    mine, theirs = a_view("d1", MINE), a_view("d2", THEIRS)
    seen = as_seen_by(MINE, a_visit_with(theirs, mine)).drafts
    assert seen[1] == mine
    assert (seen[0].state, seen[0].total_minor, seen[0].lines, seen[0].note) == ("rejected", 12_000_00, (), "")
    assert (seen[0].allergies, seen[0].edits, seen[0].reason_note) == ((), (), "")


def test_of_other_phones_drafts_the_newest_few_are_shown_and_all_of_ones_own() -> None:
    others = tuple(a_view(f"o{n}", THEIRS) for n in range(OTHERS_SHOWN + 5))
    mine = tuple(a_view(f"m{n}", MINE) for n in range(8))
    seen = as_seen_by(MINE, a_visit_with(*others, *mine)).drafts
    assert [draft.draft_id for draft in seen] == [*(f"o{n}" for n in range(OTHERS_SHOWN)), *(f"m{n}" for n in range(8))]
