"""The public door on a real socket: what a QR leads to, and what phones may ask."""

import gzip
import hashlib
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from guest_door import GuestDoor, Phone, at_the_door

from edge.guests.limits import Limits
from shared.commands.floor import ConfigureVenue, RemoveTable, ReplaceTableCode
from shared.commands.menu import EightySixItem, PublishMenu
from shared.table_code import code_of
from tests.service import MENU, an_item

TOMATO = {"line_id": "l1", "item_id": "empanada"}


def refused(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


async def seated(venue: GuestDoor, phone: Phone, table_id: str = "t1") -> str:
    """The visit that the phone joins."""
    response = await phone.join((await venue.codes())[table_id])
    assert response.status_code == 200, response.text
    return str(response.json()["visit_id"])


async def test_what_a_qr_says_opens_the_guests_screen_and_does_nothing_else(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        before = venue.seq()
        response = await phone.http.get("/t/ABC234")
        assert (response.status_code, response.headers["location"]) == (303, "/guest/?t=ABC234")
        assert "set-cookie" not in response.headers
        odd = await phone.http.get("/t/%0d%0aSet-Cookie%3a%20x%3d1&u=%3cscript%3e")
        assert odd.headers["location"] == "/guest/?t=%0D%0ASet-Cookie%3A%20x%3D1%26u%3D%3Cscript%3E"
        assert venue.seq() == before


async def test_a_phone_that_joins_learns_where_it_is(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        await venue.service.do(
            "mara", ConfigureVenue(name="La Perla", cover_charge_minor=800_00, max_waiting_drafts=2, wifi_name="perla")
        )
        response = await phone.join((await venue.codes())["t2"].lower())
        ((visit_id,),) = venue.service.rows("SELECT visit_id FROM visit")
        assert response.json() == {
            "visit_id": visit_id,
            "table_label": "2",
            "venue_name": "La Perla",
            "language": "es-AR",
            "currency": "ARS",
            "wifi_name": "perla",
            "cover_charge_minor": 800_00,
            "max_waiting_drafts": 2,
            "paused": False,
        }


async def test_whoever_reads_the_log_cannot_be_the_phone(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        response = await phone.join((await venue.codes())["t1"])
        secret = response.cookies["hos_phone"]
        cookie = {part.strip().lower() for part in response.headers["set-cookie"].split(";")}
        assert {"httponly", "samesite=lax", "path=/", "max-age=43200"} <= cookie
        assert "secure" not in cookie  # this is plain http
        assert len(secret) == 43
        ((phone_id,),) = venue.service.rows("SELECT phone_id FROM visit_phone")
        assert phone_id == hashlib.sha256(b"phone\0" + secret.encode()).hexdigest()[:32]
        log = b"".join(body for (body,) in venue.service.rows("SELECT body FROM log"))
        assert secret.encode() not in log
        phone.http.cookies.clear()
        phone.http.headers["cookie"] = f"hos_phone={phone_id}"
        assert refused(await phone.ask("withdraw_draft", draft_id="d1")) == (409, "visit_over")


async def test_phones_at_a_table_share_its_visit_and_joining_twice_is_once(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as ours, venue.phone() as theirs, venue.phone() as other:
        visit = await seated(venue, ours)
        assert await seated(venue, theirs) == visit
        assert await seated(venue, other, "t2") != visit
        before = venue.seq()
        assert await seated(venue, ours) == visit
        assert venue.seq() == before
        assert venue.service.rows("SELECT phones FROM visit WHERE visit_id = ?", visit) == [(2,)]


async def test_a_phone_that_comes_back_from_another_table_is_at_the_first_again(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        first = await seated(venue, phone, "t1")
        assert await seated(venue, phone, "t2") != first
        assert await seated(venue, phone, "t1") == first
        assert await phone.refusal("submit_draft", draft_id="d1", lines=[TOMATO]) == ""
        assert venue.service.rows("SELECT visit_id FROM draft") == [(first,)]
        assert venue.service.rows("SELECT phones FROM visit WHERE visit_id = ?", first) == [(1,)]


@pytest.mark.parametrize("code", ["", "A", "AAAAAAAAAAAAAAAAAAAA", "' OR 1=1 --", "ñ🌶️", "A" * 500])
async def test_a_forged_code_opens_nothing(tmp_path: Path, code: str) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        before = venue.seq()
        assert refused(await phone.join(code)) == (404, "code_invalid")
        assert "set-cookie" not in (await phone.join(code)).headers
        assert venue.seq() == before


async def test_the_code_of_another_venue_opens_nothing_here(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        assert refused(await phone.join(code_of("t1", 1, b"the secret of another venue"))) == (404, "code_invalid")


async def test_a_replaced_code_says_so_and_a_removed_tables_is_nobodys(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        codes = await venue.codes()
        await venue.service.do("mara", ReplaceTableCode(table_id="t1"), RemoveTable(table_id="t2"))
        assert refused(await phone.join(codes["t1"])) == (410, "code_expired")
        assert refused(await phone.join(codes["t2"])) == (404, "code_invalid")
        assert (await phone.join((await venue.codes())["t1"])).status_code == 200


MALFORMED = [
    (b"", 400),
    (b"{", 400),
    (b"[]", 400),
    (b'"\xff"', 400),
    (b'{"code":1}', 400),
    (b'{"code":"\\ud800"}', 400),
    (b'{"code":"A","more":1}', 400),
    (b'{"code":"' + b"A" * 2_000 + b'"}', 413),
]


@pytest.mark.parametrize(("body", "status"), MALFORMED)
async def test_what_is_no_request_to_join_is_refused(tmp_path: Path, body: bytes, status: int) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        response = await phone.http.post("/guest-api/join", content=body)
        assert refused(response) == (status, "malformed" if status == 400 else "too_large")


def commands(*asks: Any) -> bytes:
    return msgspec.json.encode({"commands": asks})


BAD_REQUESTS = [
    (b"", 400, "malformed"),
    (b"\x00\x01", 400, "malformed"),
    (b'{"commands":{}}', 400, "malformed"),
    (commands(), 400, "malformed"),
    (commands(*[{"id": f"c{n}", "name": "call_waiter"} for n in range(9)]), 400, "malformed"),
    (commands({"id": "no spaces", "name": "call_waiter"}), 400, "malformed"),
    (commands({"id": "c", "name": "call_waiter", "asked_at_ms": -1}), 400, "malformed"),
    (commands({"id": "c", "name": "call_waiter", "body": "x" * 33_000}), 413, "too_large"),
    (b'{"commands":' + b"[" * 20_000, 400, "malformed"),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD_REQUESTS)
async def test_what_is_no_request_is_refused_and_writes_nothing(
    tmp_path: Path, body: bytes, status: int, code: str
) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        await seated(venue, phone)
        before = venue.seq()
        assert refused(await phone.http.post("/guest-api/commands", content=body)) == (status, code)
        assert venue.seq() == before


async def test_a_body_of_unknown_length_is_read_no_further_than_the_limit(tmp_path: Path) -> None:
    async def endless() -> Any:
        for _ in range(1_000):
            yield b"x" * 4_096

    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        await seated(venue, phone)
        try:
            response = await phone.http.post("/guest-api/commands", content=endless())
        except httpx.TransportError:
            return  # the door had answered and closed before the phone was done
        assert refused(response) == (413, "too_large")


BAD_LINES = [
    ({"quantity": -1}, "malformed"),
    ({"quantity": 0}, "malformed"),
    ({"quantity": 100}, "malformed"),
    ({"quantity": 10**30}, "malformed"),
    ({"quantity": 1.5}, "malformed"),
    ({"note": "x" * 141}, "malformed"),
    ({"line_id": "../l1"}, "malformed"),
    ({"unit_minor": 1}, "malformed"),  # a price is never asked for
    ({"modifier_ids": ["m"] * 41}, "malformed"),
    ({"allergies": ["gluten"]}, "malformed"),
    ({"item_id": "fugu"}, "item_unknown"),
    ({"item_id": "malbec"}, "variant_missing"),
    ({"item_id": "malbec", "variant_id": "jarra"}, "variant_unknown"),
    ({"item_id": "bife"}, "modifier_too_few"),
    ({"modifier_ids": ["punto/jugoso"]}, "modifier_unknown"),
    ({"shown_minor": 1_199_00}, "price_changed"),
    ({"shown_minor": -(10**30)}, "price_changed"),
    ({"item_id": "flan"}, "item_sold_out"),
]


@pytest.mark.parametrize(("line", "code"), BAD_LINES)
async def test_a_line_that_cannot_be_is_refused_and_nothing_is_drafted(
    tmp_path: Path, line: dict[str, Any], code: str
) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        await venue.service.do("kds", EightySixItem(item_id="flan"))
        await seated(venue, phone)
        assert await phone.refusal("submit_draft", draft_id="d1", lines=[TOMATO | line]) == code
        assert venue.service.rows("SELECT * FROM draft") == []


async def test_notes_keep_emoji_and_lose_control_bytes(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        await seated(venue, phone)
        line = TOMATO | {"note": "\x1b@ sin ají 🌶️\x00"}
        assert await phone.refusal("submit_draft", draft_id="d1", lines=[line], note="\u202eya\n") == ""
        (draft,) = venue.service.views("draft").values()
        assert (draft.lines[0].note, draft.note) == ("@ sin ají 🌶️", "ya")


async def test_the_same_command_twice_is_done_once(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        await seated(venue, phone)
        first = await phone.ask("submit_draft", id="c1", draft_id="d1", lines=[TOMATO])
        again = await phone.ask("submit_draft", id="c1", draft_id="d1", lines=[TOMATO])
        assert (first.status_code, first.json()) == (again.status_code, again.json())
        under_another_id = await phone.ask("submit_draft", id="c2", draft_id="d1", lines=[TOMATO])
        assert under_another_id.status_code == 200
        assert venue.service.rows("SELECT COUNT(*) FROM log WHERE kind = 'draft_submitted'") == [(1,)]


async def test_another_phones_draft_is_out_of_reach(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as ours, venue.phone() as theirs:
        await seated(venue, ours)
        await seated(venue, theirs)
        assert await ours.refusal("submit_draft", draft_id="d1", lines=[TOMATO]) == ""
        assert await theirs.refusal("withdraw_draft", draft_id="d1") == "draft_unknown"
        assert await theirs.refusal("change_draft", draft_id="d1", lines=[TOMATO]) == "draft_unknown"
        assert await theirs.refusal("submit_draft", draft_id="d1", lines=[TOMATO]) == "draft_unknown"
        assert await ours.refusal("withdraw_draft", draft_id="d1") == ""


async def test_what_is_for_staff_is_refused_and_the_rest_of_the_request_done(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        await seated(venue, phone)
        response = await phone.ask_all(
            ("confirm_draft", {"draft_id": "d1", "check_id": "c1"}),
            ("submit_draft", {"draft_id": "d1", "lines": [TOMATO]}),
            ("dance", {}),
            ("expire_drafts", {}),
            ("call_waiter", {"call_id": "k1", "reason": "salsa"}),
        )
        answers = [(answer["outcome"], answer.get("code")) for answer in response.json()["answers"]]
        assert response.status_code == 200
        assert answers == [
            ("refused", "not_for_device"),
            ("done", None),
            ("refused", "not_for_device"),
            ("refused", "not_for_device"),
            ("refused", "malformed"),
        ]


async def test_a_staff_session_that_a_guest_names_means_nothing(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        await seated(venue, phone)
        body = {"type": "call_waiter", "call_id": "k1"}
        ask = {"id": "c1", "name": "call_waiter", "body": body, "staff_session": "mara", "approval": "x"}
        response = await phone.http.post("/guest-api/commands", json={"commands": [ask]})
        assert response.status_code == 200
        assert venue.service.rows("SELECT staff_id FROM log WHERE kind = 'guest_called'") == [("",)]


@pytest.mark.parametrize(
    "cookie", [b"", b"hos_phone=", b"hos_phone=short", b"hos_phone=" + b"A" * 43, b"hos_phone=\xff"]
)
async def test_who_has_not_joined_asks_nothing_and_writes_nothing(tmp_path: Path, cookie: bytes) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        phone.http.headers = httpx.Headers([(b"user-agent", b"stranger"), (b"cookie", cookie)])
        before = venue.seq()
        assert refused(await phone.ask("call_waiter", call_id="k1")) == (409, "visit_over")
        assert refused(await phone.http.get("/guest-api/events")) == (409, "visit_over")
        assert venue.seq() == before
        assert venue.service.rows("SELECT * FROM refusal") == []


async def test_who_asks_too_fast_is_told_when_to_come_back(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone, venue.phone() as other:
        await seated(venue, phone)
        await seated(venue, other)
        for n in range(8):
            assert (await phone.ask("change_draft", draft_id=f"d{n}", lines=[TOMATO])).status_code == 409
        response = await phone.ask("submit_draft", draft_id="d1", lines=[TOMATO])
        assert refused(response) == (429, "too_fast")
        assert (response.headers["retry-after"], response.json()["facts"]) == ("10", {"retry_after_s": 10})
        assert await phone.refusal("call_waiter", call_id="k1") == ""
        assert await other.refusal("submit_draft", draft_id="d1", lines=[TOMATO]) == ""


async def test_an_address_that_asks_too_much_is_told_to_wait(tmp_path: Path) -> None:
    limits = Limits(per_address_a_minute=5)
    async with (
        at_the_door(tmp_path, limits=limits) as venue,
        venue.phone() as seated,
        venue.phone() as phone,
    ):
        code = code_of("t1", 1, venue.service.rows("SELECT value FROM venue_secret")[0][0])
        assert (await seated.join(code)).status_code == 200
        assert refused(await phone.join(code)) == (429, "too_fast")  # one in five may join
        for path in ("/t/x", "/guest-api/menu", "/t/x"):
            assert (await phone.http.get(path)).status_code < 400
        for path in ("/t/x", "/guest-api/menu", "/guest-api/events"):
            response = await phone.http.get(path)
            assert refused(response) == (429, "too_fast")
            assert response.headers["retry-after"] == "12"
        assert (await seated.http.get("/guest-api/menu")).status_code == 200, "who sits at a table counts by itself"


async def test_guests_get_the_menu_without_what_is_hidden_from_them(tmp_path: Path) -> None:
    secret = an_item("personal", course=1, station_id="cocina", price_minor=1, is_hidden_from_guests=True)
    menu = msgspec.structs.replace(MENU, items=(*MENU.items, secret))
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        await venue.service.do("mara", PublishMenu(menu=menu))
        response = await phone.http.get("/guest-api/menu")
        shown = response.json()
        assert (shown["version"], [item["id"] for item in shown["menu"]["items"]]) == (
            2,
            ["agua", "empanada", "bife", "malbec", "flan"],
        )
        assert {item["station_id"] for item in shown["menu"]["items"]} == {""}
        assert shown["menu"]["groups"][0]["id"] == "punto"
        assert "personal" not in response.text


async def test_a_phone_that_has_the_menu_gets_it_again_only_when_it_changed(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        first = await phone.http.get("/guest-api/menu", headers={"accept-encoding": "identity"})
        assert "content-encoding" not in first.headers
        known = {"if-none-match": first.headers["etag"]}
        unchanged = await phone.http.get("/guest-api/menu", headers=known)
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        await venue.service.do("mara", PublishMenu(menu=MENU))
        changed = await phone.http.get("/guest-api/menu", headers=known)
        assert (changed.status_code, changed.json()["version"]) == (200, 2)
        async with phone.http.stream("GET", "/guest-api/menu", headers={"accept-encoding": "gzip"}) as packed:
            body = b"".join([part async for part in packed.aiter_raw()])
        assert gzip.decompress(body) == changed.content


async def test_a_till_gets_every_tables_code_and_address(tmp_path: Path) -> None:
    async with at_the_door(tmp_path, public_url="https://perla.example/") as venue, venue.phone() as phone:
        assert refused(await phone.http.get("/tables/codes")) == (401, "device_unknown")
        refusal = await phone.http.get("/tables/codes", headers={"Authorization": "Bearer pad"})
        assert refused(refusal) == (409, "not_for_device")
        for token in ("till", "desk"):
            response = await phone.http.get("/tables/codes", headers={"Authorization": f"Bearer {token}"})
            codes = await venue.codes()
            assert response.json() == [
                {
                    "table_id": id,
                    "label": id[1:],
                    "code": codes[id],
                    "url": f"https://perla.example/t/{codes[id]}",
                }
                for id in ("t1", "t2")
            ]


async def test_without_a_public_address_codes_name_the_one_that_was_asked(tmp_path: Path) -> None:
    async with at_the_door(tmp_path) as venue, venue.phone() as phone:
        response = await phone.http.get("/tables/codes", headers={"Authorization": "Bearer till"})
        (first, _) = response.json()
        assert first["url"] == f"{venue.base}/t/{first['code']}"
        assert (await phone.http.get(first["url"])).status_code == 303
