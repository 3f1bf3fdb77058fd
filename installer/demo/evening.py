"""An earlier run's evening ends before a new one begins: checks are paid, and if the day is over it is counted and closed."""

from installer.demo.crew import FEED_S, Crew
from installer.demo.days import business_day, moment_ms
from installer.demo.edge_client import Ask, Refused, fresh_id
from installer.demo.feed_client import View

#: Tables left for longer than this are no longer in the middle of a service.
STALE_MS = 3 * 3_600_000


async def wind_up(crew: Crew, *, left_ms: int, now_ms: int) -> None:
    """Settle what the evening of `left_ms` left open. The venue's clock must follow the commands.

    What people did meanwhile may stand in the way of a step; then it is left as they left it, and `crew.refusals` says so.

    Raises:
        TimeoutError: the edge did not show its screens.
    """
    ended_ms = min(left_ms + STALE_MS, moment_ms(business_day(left_ms), 28.0), now_ms)
    await crew.attempt("the pass", crew.clear_the_pass(at_ms=ended_ms))
    await crew.screens.start(timeout_s=FEED_S)
    for draft in crew.screens.all("draft"):
        if draft["state"] in {"submitted", "claimed"}:
            await crew.attempt("a draft", _turn_down(crew, draft, at_ms=ended_ms))
    for waiting in sorted(crew.screens.all("waiting_course"), key=lambda view: int(view["course"])):
        await crew.attempt("a course", _fire(crew, waiting, at_ms=ended_ms))
    await crew.screens.stop()
    await crew.attempt("the pass", crew.clear_the_pass(at_ms=ended_ms))
    await crew.screens.start(timeout_s=FEED_S)
    for check in crew.open_checks():
        await crew.attempt(f"check {check['number']}", _settle(crew, check, at_ms=ended_ms))
    await crew.screens.stop()
    await crew.attempt("the pass", crew.clear_the_pass(at_ms=ended_ms))
    await crew.screens.start(timeout_s=FEED_S)
    if business_day(left_ms) < business_day(now_ms):
        await crew.attempt("the day", _close_the_day(crew, at_ms=ended_ms))
    await crew.screens.stop()


async def _turn_down(crew: Crew, draft: View, *, at_ms: int) -> None:
    body = {"draft_id": draft["draft_id"], "reason": "kitchen_closed"}
    try:
        await crew.waiter("").do(Ask(name="reject_draft", body=body, asked_at_ms=at_ms))
    except Refused as refused:  # it was older than the venue keeps drafts
        if refused.code != "draft_settled":
            raise


async def _fire(crew: Crew, waiting: View, *, at_ms: int) -> None:
    body = {"check_id": waiting["check_id"], "course": waiting["course"]}
    await crew.waiter("").do(Ask(name="fire_course", body=body, asked_at_ms=at_ms))


async def _settle(crew: Crew, check: View, *, at_ms: int) -> None:
    """What was not sent comes off, the rest is paid."""
    check_id, balance_minor = check["check_id"], int(check["balance_minor"])
    asks = []
    for line in check["lines"]:
        if line["stage"] == "held":
            balance_minor -= int(line["gross_minor"])
            asks.append(
                Ask(name="void_line", body={"check_id": check_id, "line_id": line["line_id"]}, asked_at_ms=at_ms)
            )
    if all(line["stage"] in {"held", "void"} for line in check["lines"]):
        await _let_go(crew, check, at_ms=at_ms)
        return
    payment = {
        "payment_id": fresh_id(),
        "check_id": check_id,
        "tender": "card",
        "amount_minor": balance_minor,
        "reference": "cierre",
        "wants_receipt": False,
    }
    asks.append(Ask(name="take_payment", body=payment, asked_at_ms=at_ms))
    await crew.till.do(*asks)


async def _let_go(crew: Crew, check: View, *, at_ms: int) -> None:
    """A party that had nothing has one coffee, so that its check can be closed."""
    check_id = check["check_id"]
    held = [line["line_id"] for line in check["lines"] if line["stage"] == "held"]
    coffee = crew.card.line("cafe", modifier_ids=[])
    body = {"check_id": check_id}
    asks = [
        *(Ask(name="void_line", body={**body, "line_id": line_id}, asked_at_ms=at_ms) for line_id in held),
        Ask(name="set_covers", body={**body, "covers": 0}, asked_at_ms=at_ms),
        Ask(name="add_lines", body={**body, "lines": [coffee]}, asked_at_ms=at_ms),
        Ask(name="send_lines", body={**body, "fire_all": True}, asked_at_ms=at_ms),
    ]
    await crew.till.do(*asks)
    payment = {
        "payment_id": fresh_id(),
        "check_id": check_id,
        "tender": "card",
        "amount_minor": crew.card.price_of(coffee),
    }
    payment |= {"reference": "cierre", "wants_receipt": False}
    await crew.till.do(Ask(name="take_payment", body=payment, asked_at_ms=at_ms))


async def _close_the_day(crew: Crew, *, at_ms: int) -> None:
    report = await crew.console.call("/reports/x")
    taken_minor = sum(
        int(tender["amount_minor"]) + int(tender["tips_minor"])
        for tender in report["tenders"]
        if tender["tender"] == "cash"
    )
    for drawer in crew.screens.all("drawer"):
        if drawer["state"] == "open":
            counted_minor = int(drawer["float_minor"]) + taken_minor
            count = {"session_id": drawer["session_id"], "counted_minor": counted_minor}
            await crew.till.do(Ask(name="count_drawer", body=count, asked_at_ms=at_ms))
    await crew.console.do(Ask(name="close_day", body={}, asked_at_ms=at_ms))
