"""Errands: one job for a cause, born with its op, done once, given up aloud, and no lane waits for another."""

import asyncio
from pathlib import Path

import msgspec
import pytest
from courier import COURIER, HURRIED, UNTIL_MS, Phone, Post, a_post, a_town

from edge.engine import database, errand_views, log
from edge.engine.feed import Channel, Feed
from edge.engine.hands import Begin, Outcome
from edge.engine.jobs import Job


async def test_a_job_is_born_with_its_op_and_ends_with_the_logs_word_in_two_commits(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        post.start_lanes()
        await post.call("p1")
        await post.settled()
        assert post.writer.commits == 3  # the op with its job, begun, and ended with the log's word
        assert post.jobs() == {"p1": "done collected"}
        assert town.collected == ["call-p1"]
        assert post.reports() == [("p1", "collected")]


async def test_one_cause_makes_one_job(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        await post.call("p1")
        await post.call("p1", courier="south")
        post.start_lanes()
        await post.settled()
        assert await post.call("p1") == "done"  # the same again, long after its job
        assert post.rows("SELECT job_id, lane FROM errand") == [("call-p1", "north")]
        assert town.collected == ["call-p1"]


@pytest.mark.parametrize("fault", ["refuse", "second op"])
async def test_a_command_that_comes_to_nothing_makes_no_job(fault: str, tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        assert await post.call("p1", fault=fault) != "done"
        assert post.jobs() == {}


async def test_an_errand_that_cannot_say_what_it_wants_refuses_no_sale_and_is_seen(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        assert await post.call("p1", fault="born") == "done"
        assert post.jobs() == {"p1": "given_up unmade"}
        (view,) = views(post).values()
        assert view["outcome"] == "unmade" and view["problem"].startswith("ZeroDivisionError")


async def test_a_lane_that_hangs_keeps_no_other_waiting(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        town.ways["south"] = "hang"
        post.start_lanes(msgspec.structs.replace(HURRIED, run_s=60))
        await post.call("stuck", courier="south")
        await post.until(lambda: town.how_often("do", "call-stuck") == 1, town=town)
        for number in range(5):
            await post.call(f"p{number}")
        await post.until(lambda: len(post.reports()) == 5)
        assert post.jobs()["stuck"] == "underway"


async def test_what_hangs_is_in_doubt_in_time_and_looked_up_before_anything_else_is_done(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        town.ways["north"] = "deaf"
        post.start_lanes()
        await post.call("p1")
        await post.call("p2")
        await post.until(lambda: post.jobs()["p1"] == "uncertain" and town.how_often("look", "call-p1") > 1)
        assert post.jobs()["p2"] == "waiting"
        town.ways["north"] = "ok"
        await post.settled()
        assert town.collected == ["call-p1", "call-p2"]
        assert post.reports() == [("p1", "collected"), ("p2", "collected")]


async def test_what_surely_did_not_happen_is_done_once_it_is_known(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        town.ways["north"] = "lose"
        post.start_lanes()
        await post.call("p1")
        await post.until(lambda: town.how_often("look", "call-p1") > 0)
        town.ways["north"] = "ok"
        await post.settled()
        assert town.collected == ["call-p1"]


async def test_a_lane_rests_longer_after_each_failure_up_to_a_bound_and_its_jobs_keep_their_order(
    tmp_path: Path,
) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        town.ways["north"] = "refuse"
        post.start_lanes(msgspec.structs.replace(HURRIED, retry_first_s=0.1, retry_longest_s=0.4))
        start_s = asyncio.get_running_loop().time()
        await post.call("p1")
        await post.call("p2")
        await post.until(lambda: town.how_often("do", "call-p1") >= 7, town=town)
        # Half of each rest is certain, half is chance: 100, 200, then 400 ms each time.
        assert asyncio.get_running_loop().time() - start_s >= (100 + 200 + 4 * 400) / 2 / 1000
        assert town.how_often("do", "call-p2") == 0
        town.ways["north"] = "ok"
        await post.settled()
        assert post.phones["north"].failures[:6] == [1, 2, 3, 4, 5, 6]
        assert town.collected == ["call-p1", "call-p2"]


async def test_a_job_past_its_deadline_is_never_begun_and_the_log_is_told(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        town.ways["north"] = "refuse"
        post.start_lanes()
        await post.call("p1")
        await post.until(lambda: town.how_often("do", "call-p1") > 0, town=town)
        post.clock.ahead_ms = UNTIL_MS + 10_000
        await post.settled()
        assert post.jobs() == {"p1": "given_up expired"}
        assert post.reports() == [("p1", "expired")]
        assert town.collected == []


async def test_what_is_in_doubt_for_too_long_is_given_up_aloud(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        town.ways["north"] = "deaf"
        post.start_lanes()
        await post.call("p1")
        await post.until(lambda: post.jobs()["p1"] == "uncertain")
        post.clock.ahead_ms = UNTIL_MS + COURIER.look_up_ms + 10_000
        await post.settled()
        assert post.reports() == [("p1", "unresolved")]
        assert town.how_often("do", "call-p1") == 1


async def test_lower_ranks_go_first_and_then_the_older(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        for parcel_id, rank in (("slow1", 2), ("p1", 1), ("urgent", 0), ("p2", 1)):
            await post.call(parcel_id, rank=rank)
        post.start_lanes()
        await post.settled()
        assert town.collected == ["call-urgent", "call-p1", "call-p2", "call-slow1"]


@pytest.mark.parametrize("arrived", [True, False])
async def test_what_was_underway_at_a_crash_is_looked_up_first(arrived: bool, tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        await post.call("p1")
        await post.write("UPDATE errand SET state = 'underway', attempts = 1")
        if arrived:
            town.collected.append("call-p1")
        post.start_lanes()
        await post.settled()
        assert town.calls[0] == ("look", "call-p1")
        assert town.collected == ["call-p1"]
        assert post.reports() == [("p1", "collected")]


async def test_a_job_whose_lane_was_stopped_under_it_is_looked_up_at_the_next_start(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        town.ways["north"] = "hang"
        post.start_lanes(msgspec.structs.replace(HURRIED, run_s=60))
        await post.call("p1")
        await post.until(lambda: town.how_often("do", "call-p1") == 1, town=town)
        await post.stop_lanes()
        assert post.jobs() == {"p1": "underway"}
        post.start_lanes()
        await post.settled()
        assert town.collected == ["call-p1"]


async def test_what_may_be_repeated_is_a_few_times_and_no_more(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        town.ways["north"] = "hang"
        post.start_lanes()
        await post.call("letter", what="letter")
        await post.settled()
        assert town.collected == ["call-letter"] * 3
        assert post.rows("SELECT attempts, doubts, outcome FROM errand") == [(3, 2, "unconfirmed")]


class Clumsy(Phone):
    """Cannot even begin with one parcel."""

    async def run(self, job: Job, begin: Begin) -> Outcome:
        """Drops it."""
        if job.subject == "egg":
            raise ZeroDivisionError
        return await super().run(job, begin)


async def test_a_job_that_breaks_whoever_does_it_is_given_up_aloud_and_keeps_no_other_waiting(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        clumsy = post.phones["north"] = Clumsy("north", town.port)
        await post.call("egg")
        await post.call("p1")
        post.start_lanes()
        await post.settled()
        assert post.jobs() == {"egg": "given_up broken", "p1": "done collected"}
        assert post.reports() == [("egg", "broken"), ("p1", "collected")]
        assert clumsy.failures[:5] == [1, 2, 3, 4, 5], "whoever watches the lane hears of it"


class Forgetful(Phone):
    """Cannot look anything up."""

    async def look_up(self, job: Job) -> Outcome:
        """Has lost the book."""
        raise ZeroDivisionError


async def test_a_look_up_that_breaks_leaves_the_job_in_doubt_and_is_heard_of(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        town.ways["north"] = "hang"
        forgetful = post.phones["north"] = Forgetful("north", town.port)
        await post.call("p1")
        post.start_lanes()
        await post.until(lambda: post.rows("SELECT state, problem FROM errand") == [("uncertain", "broken")])
        assert forgetful.failures
        assert town.how_often("do", "call-p1") == 1


async def test_what_may_not_be_repeated_never_is(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        town.ways["north"] = "lose"
        post.start_lanes()
        await post.call("balloon", what="balloon")
        await post.settled()
        assert town.calls == [("do", "call-balloon")]
        assert post.reports() == [("balloon", "unconfirmed")]


async def test_a_replay_and_an_entry_from_elsewhere_make_no_jobs(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        await post.call("p1")
        (entry,) = await post.reads.run(log.read, 0, 1)
        await post.write("DELETE FROM errand")
        there = msgspec.structs.replace(entry, seq=2, id=b"another entry...", origin_epoch=1, origin_seq=9)
        await post.writer.job(lambda conn: log.insert(conn.cursor(), there))
        post.projector.rebuild(post.conn, post.projector.projections)
        post.start_lanes()
        await post.call("p2")
        await post.settled()
        assert post.jobs() == {"p2": "done collected"}
        assert town.collected == ["call-p2"]


async def test_a_job_that_a_restored_backup_brings_is_not_begun(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        await post.call("before")
        await post.write("UPDATE log_identity SET session = 'restored'")
        post.start_lanes()
        await post.call("after")
        await post.settled()
        assert post.jobs() == {"before": "given_up elsewhere", "after": "done collected"}
        assert town.calls == [("do", "call-after")]


async def test_what_waits_in_a_backup_is_the_boxs_that_made_it(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    async with a_town() as town:
        async with a_post(tmp_path, town.port) as post:
            await post.call("p1")
            database.backup(tmp_path / database.FILE_NAME, tmp_path / "there" / database.FILE_NAME)
            post.start_lanes()
            await post.settled()
        async with a_post(tmp_path / "there", town.port) as post:
            post.start_lanes()
            await post.settled()
            assert post.jobs() == {"p1": "given_up elsewhere"}
        assert town.collected == ["call-p1"]


@pytest.mark.parametrize(("arrived", "outcome"), [(True, "done collected"), (False, "given_up elsewhere")])
async def test_what_another_box_had_begun_is_looked_up_and_never_done_here(
    arrived: bool, outcome: str, tmp_path: Path
) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        await post.call("p1")
        await post.write("UPDATE errand SET state = 'underway'")
        await post.write("UPDATE log_identity SET session = 'restored'")
        if arrived:
            town.collected.append("call-p1")
        post.start_lanes()
        await post.settled()
        assert post.jobs() == {"p1": outcome}
        assert town.how_often("do", "call-p1") == 0


async def test_a_report_whose_rule_fails_is_told_once_a_release_mended_it(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        post.desk.is_broken = True
        post.start_lanes()
        await post.call("p1")
        await post.until(lambda: post.jobs() == {"p1": "done collected"})
        assert post.reports() == []
        await post.stop_lanes()
        post.desk.is_broken = False
        post.start_lanes()
        await post.settled()
        assert post.reports() == [("p1", "collected")]
        assert town.collected == ["call-p1"]


async def test_more_lanes_than_may_run_at_once_wait_for_each_other(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        for number in range(9):
            await post.call(f"p{number}", courier=f"c{number}")
        post.start_lanes(most=2)
        await post.settled()
        assert sorted(town.collected) == [f"call-p{number}" for number in range(9)]


async def test_a_lane_that_has_nothing_to_do_makes_room_for_one_that_has(tmp_path: Path) -> None:
    class SlowToRest(Phone):
        may_rest = asyncio.Event()

        async def well(self) -> None:
            await self.may_rest.wait()

    async with a_town() as town, a_post(tmp_path, town.port) as post:
        post.phones["c1"] = first = SlowToRest("c1", town.port)
        await post.call("p1", courier="c1")
        await post.call("p2", courier="c2")
        post.start_lanes(most=1)
        await post.until(lambda: post.reports() == [("p1", "collected")])
        await post.write("SELECT 1")  # the bell of that commit has been heard by all
        assert post.jobs()["p2"] == "waiting"
        first.may_rest.set()
        await post.settled()
        assert town.collected == ["call-p1", "call-p2"]


async def test_what_ended_a_week_ago_goes_and_what_the_log_does_not_know_stays(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        post.start_lanes()
        for parcel_id in ("old", "untold", "new"):
            await post.call(parcel_id)
        await post.settled()
        await post.stop_lanes()
        await post.write("UPDATE errand SET ended_at_ms = 1 WHERE subject <> 'new'")
        await post.write("UPDATE errand SET is_told = 0, errand = 'of another release' WHERE subject = 'untold'")
        post.start_lanes()
        await post.until(lambda: len(post.jobs()) == 2)
        assert sorted(post.jobs()) == ["new", "untold"]


async def test_screens_see_what_is_open_and_what_was_given_up(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        town.ways["north"] = "lose"
        await post.call("balloon", what="balloon")
        cursor = (await post.reads.run(log.head_seq)) - 1
        feed = Feed(
            slices=post.slices,
            projector=post.projector,
            writer=post.writer,
            reads=post.reads,
            clock=post.clock,
            tasks=post.tasks,
        )
        await feed.start()
        async with feed.subscribe(Channel("pos", frozenset({"errand"}))) as screen:
            frames = aiter(screen)
            seen = [state_in(await anext(frames))]
            post.start_lanes()
            while seen[-1] != "given_up":
                seen.append(state_in(await anext(frames)))
        assert seen == ["waiting", "underway", "given_up"]
        async with feed.subscribe(Channel("pos", frozenset({"errand"})), cursor) as screen:
            assert state_in(await anext(aiter(screen))) == "given_up"
        await feed.stop()


async def test_a_screen_that_was_away_hears_that_a_job_is_done(tmp_path: Path) -> None:
    async with a_town() as town, a_post(tmp_path, town.port) as post:
        await post.call("p1")
        cursor = await post.reads.run(log.head_seq)
        post.start_lanes()
        await post.settled()
        assert list(await post.reads.run(errand_views.since, cursor)) == ["call-p1"]
        assert views(post) == {}


def views(post: Post) -> dict[str, dict[str, object]]:
    """The current views, as screens get them."""
    found = post.reads.run_here(lambda conn: errand_views.errands(conn, errand_views.current(conn)))
    return {key: msgspec.to_builtins(view) for key, view in found.items()}


def state_in(frame: str) -> str:
    """The state of the one job in a frame."""
    told = msgspec.json.decode(frame)
    parts = told.get("views") or told["changes"]
    ((_, _, view),) = parts
    return str(view["state"])
