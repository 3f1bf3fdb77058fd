"""Everything that the vocabulary and the OpenAPI document allow, and a good deal that they do not, asked of a real edge.

Whatever comes: no 5xx, every refusal has a code that screens have words for, and in the end replay equals the tables.
"""

import json
import re
from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.app import SLICES
from edge.devices.routes import PairAsk
from edge.engine.slice import commands_of
from edge.guests.routes import JoinAsk
from edge.staff.routes import ApprovalAsk, SignInAsk
from shared.commands import COMMANDS, CommandsAnswer
from shared.errors import CODES, Rejection
from shared.ids import IdText
from tests.hardening.open_venue import Phone, Screen, an_open_venue, as_json
from tests.hardening.schema_strategies import ANYTHING, NASTY_TEXTS, Fitting, rarely_not
from tests.service import MENU

#: Few ids for each field, so that commands meet what others made. Those who ask here stay as they are.
IDS = {
    "check_id": ("c1", "c2"),
    "line_id": ("l1", "l2", "l3", "l4"),
    "line_ids": ("l1", "l2", "l3", "l4"),
    "draft_id": ("d1", "d2"),
    "call_id": ("g1", "g2"),
    "payment_id": ("p1", "p2", "p3"),
    "table_id": ("t1", "t2", "t3"),
    "section_id": ("salon", "patio"),
    "station_id": ("cocina", "barra", ""),
    "printer_id": ("papel", ""),
    "backup_printer_id": ("papel", ""),
    "session_id": ("caja", "caja2"),
    "drawer_id": ("caja", "caja2"),
    "staff_id": ("leo", "caro", "nina", ""),
    "device_id": ("no-such",),
    "item_id": ("agua", "empanada", "malbec", "bife", "flan", "fugu"),
    "variant_id": ("copa", "", ""),
    "modifier_ids": ("punto/jugoso", "punto/cocido"),
    "kind": ("table", "counter", "cash_in", "drop"),
    "tender": ("card", "cash", ""),
    "shown_minor": (None,),
    "menu": (msgspec.to_builtins(MENU),),
}
#: What each kind of client asks, most of the time.
RULES = tuple(rule for one in SLICES for rule in one.rules)
USUAL = {who: tuple(sorted(commands_of(RULES, who))) for who in ("console", "waiter", "pos", "kds", "guest")}
ASKERS = tuple(USUAL)


class AnyAsk(msgspec.Struct):
    """As `CommandAsk`, whose body has no schema of its own."""

    id: IdText
    name: str
    body: dict[str, Any] = {}


class AnyAsks(msgspec.Struct):
    """As `CommandsAsk`."""

    commands: list[AnyAsk]


BODIES = {
    "/commands": AnyAsks,
    "/guest-api/commands": AnyAsks,
    "/guest-api/join": JoinAsk,
    "/staff/sign-in": SignInAsk,
    "/staff/approvals": ApprovalAsk,
    "/devices/pairings": PairAsk,
}
(*_, _COMPONENTS) = msgspec.json.schema_components((*COMMANDS.values(), *BODIES.values()), ref_template="#/{name}")
FITTING = Fitting(_COMPONENTS, IDS)
#: The same examples on every run: a failure is ours, not the day's.
STEADY = settings(
    max_examples=120, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Screen]]:
    """A client of each kind, at a venue that nobody else needs; whole when all is over."""
    with an_open_venue(tmp_path_factory.mktemp("fuzzed") / "venue") as venue:
        clients: dict[str, Screen] = {
            "console": venue.console,
            "waiter": venue.paired("waiter", "ana"),
            "pos": venue.paired("pos", "mara"),
            "kds": venue.paired("kds"),
            "guest": venue.seated(),
            "stranger": venue.screen(),
        }
        yield clients
        assert venue.health()["writes"] is True
        assert venue.problems() == []


def asks_for(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """One command of that name; its id is made as it is asked."""
    return st.fixed_dictionaries(
        {
            "name": st.just(name),
            "body": rarely_not(FITTING.of({"$ref": f"#/{COMMANDS[name].__name__}"})),
            "asked_at_ms": st.sampled_from((0, 0, 0, 0, 1, 1_800_000_000_000, 2**53 - 1)),
        }
    )


ASKED = {name: asks_for(name) for name in sorted(COMMANDS)}
USUALLY = {who: st.one_of([ASKED[name] for name in sorted(names)]) for who, names in USUAL.items()}
ANY_COMMAND = st.one_of(list(ASKED.values()))


def requests() -> st.SearchStrategy[tuple[str, list[dict[str, Any]]]]:
    """Who asks, and a handful of commands."""
    return st.one_of(
        [
            st.tuples(st.just(who), st.lists(st.one_of(usual, usual, usual, ANY_COMMAND), min_size=2, max_size=7))
            for who, usual in USUALLY.items()
        ]
    )


def check(response: httpx.Response) -> None:
    """No 5xx; a refusal of the whole request, or of each command, with a code that screens have words for."""
    assert response.status_code < 500, response.text
    if response.status_code in {200, 409} and b'"answers"' in response.content:
        for answer in msgspec.json.decode(response.content, type=CommandsAnswer).answers:
            assert answer.outcome in {"done", "refused"}, answer
            assert answer.code in {"", *CODES}, answer
    elif response.status_code >= 400:
        assert msgspec.json.decode(response.content, type=Rejection).code in CODES


#: What every handful of a person's begins with, so that the rest meets a check with lines, a draft, a ticket.
DISHES = [
    {"line_id": "l1", "item_id": "agua"},
    {"line_id": "l2", "item_id": "bife", "modifier_ids": ["punto/jugoso"], "quantity": 3},
]
BEGUN: list[tuple[str, dict[str, Any]]] = [
    ("publish_menu", {"menu": msgspec.to_builtins(MENU)}),
    ("restore_item", {"item_id": "agua"}),
    ("restore_item", {"item_id": "bife"}),
    ("open_drawer", {"session_id": "caja", "drawer_id": "caja", "float_minor": 0}),
    ("open_check", {"check_id": "c1", "kind": "counter"}),
    ("add_lines", {"check_id": "c1", "lines": DISHES}),
    ("send_lines", {"check_id": "c1", "line_ids": ["l1"]}),
]
DRAFTED: list[tuple[str, dict[str, Any]]] = [("submit_draft", {"draft_id": "d1", "lines": DISHES})]
_own_ids = re.compile(r'"([cdglp]\d)"')
_turns = count(1)


def ask(screen: Screen, commands: list[dict[str, Any]]) -> None:
    """Ask and check; each time with checks, lines and drafts of its own."""
    begun = DRAFTED if isinstance(screen, Phone) else BEGUN if screen.session or screen.device_id == "" else []
    asks = [screen.an_ask(name, body) for name, body in begun]
    asks += [screen.an_ask(one["name"], one["body"], asked_at_ms=one["asked_at_ms"]) for one in commands]
    turn = next(_turns)
    own = _own_ids.sub(lambda found: f'"{found[1]}-{turn}"', json.dumps(asks))
    check(screen.post(*json.loads(own)))


@STEADY
@given(request=requests())
def test_any_command_of_anybody_is_done_or_refused(
    fuzzed: dict[str, Screen], request: tuple[str, list[dict[str, Any]]]
) -> None:
    who, commands = request
    ask(fuzzed[who], commands)


@pytest.mark.slow
@settings(STEADY, max_examples=1_500)
@given(request=requests())
def test_any_command_of_anybody_is_done_or_refused_at_length(
    fuzzed: dict[str, Screen], request: tuple[str, list[dict[str, Any]]]
) -> None:
    who, commands = request
    ask(fuzzed[who], commands)


@pytest.fixture(scope="module")
def addresses(fuzzed: dict[str, Screen]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Method, path and parameters of everything in the edge's own OpenAPI document, and the door."""
    paths = fuzzed["stranger"].http.get("/schema/openapi.json").json()["paths"]
    described = [
        (method.upper(), path, operation.get("parameters", []))
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]
    assert len(described) > 10
    return [*described, ("POST", "/commands", [])]


@STEADY
@given(chosen=st.data(), who=st.sampled_from((*ASKERS, "stranger")))
def test_any_request_to_any_address_is_answered_or_refused(
    fuzzed: dict[str, Screen], addresses: list[tuple[str, str, list[dict[str, Any]]]], chosen: st.DataObject, who: str
) -> None:
    method, path, parameters = chosen.draw(st.sampled_from(addresses))
    http = fuzzed[who].http
    options: dict[str, Any] = {"params": {}}
    for parameter in parameters:
        value = chosen.draw(rarely_not(FITTING.of(parameter["schema"])))
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", quote(str(value), safe=""))
        else:
            options["params"][parameter["name"]] = str(value)
    if method == "POST":
        options["content"] = chosen.draw(the_content(path))
    request = http.build_request(method, path, **options)
    response = http.send(request, stream=True)
    try:
        if not response.headers.get("content-type", "").startswith("text/event-stream"):
            response.read()
            check(response)
    finally:
        response.close()


def the_content(path: str) -> st.SearchStrategy[bytes]:
    """What fits the address, what does not, and what is no JSON at all."""
    if path not in BODIES:  # a file, read by what reads files
        return st.binary(max_size=512)
    fitting = rarely_not(FITTING.of({"$ref": f"#/{BODIES[path].__name__}"}))
    return st.one_of(fitting.map(as_json), fitting.map(as_json), ANYTHING.map(as_json), st.binary(max_size=64))


@STEADY
@given(name=st.sampled_from(("authorization", "cookie", "last-event-id", "if-none-match", "accept", "content-type",
                             "host", "origin", "x-forwarded-for", "accept-encoding", "range")),
       text=NASTY_TEXTS | st.text(max_size=30), path=st.sampled_from(
           ("/health", "/reports/x", "/tables/codes", "/guest-api/menu", "/devices/pairings/mine", "/metrics",
            "/schema/openapi.json", "/")))  # fmt: skip
def test_any_header_is_borne(fuzzed: dict[str, Screen], name: str, text: str, path: str) -> None:
    value = text.encode("utf-8", "replace").translate(None, bytes(range(32)))
    try:
        response = fuzzed["stranger"].http.get(path, headers=[(name.encode(), value.strip())])
    except httpx.LocalProtocolError:
        return  # no client can say that
    assert response.status_code < 500, response.text
