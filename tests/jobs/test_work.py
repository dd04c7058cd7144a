"""Work that must happen: claimed once, finished once, taken over from the dead, parked when hopeless, never lost."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from shopify_app import clock as app_clock
from shopify_app import work
from shopify_app.db import db, rest, transaction
from shopify_app.orders.models import Sync
from shopify_app.shopify.models import Shop
from shopify_app.work import LostLease
from tests.conftest import Clock

Put = Callable[..., None]


@pytest.fixture
def put(shop: Shop) -> Put:
    """put(3): so many rows that are due now, numbered from 1."""

    def rows(count: int = 1, **columns: Any) -> None:
        with transaction():
            for number in range(1, count + 1):
                db.session.add(Sync(shop_id=shop.id, kind="order", subject=number, **columns))

    return rows


def row(subject: int = 1) -> Sync:
    rest()
    return db.session.query(Sync).filter_by(subject=subject).one()


def at_once(app: Flask, what: Callable[[], Any], times: int = 4) -> list[Any]:
    """What several workers get who do it at the same time."""
    ready, got = threading.Barrier(times), []

    def do() -> None:
        with app.app_context():
            ready.wait()
            got.append(what())

    workers = [threading.Thread(target=do) for _ in range(times)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return got


# Claiming


def test_what_is_due_longest_is_taken_first(put: Put) -> None:
    put(5)
    with transaction():
        db.session.query(Sync).filter_by(subject=4).one().due_at = app_clock.now() - timedelta(hours=1)
    assert [one.subject for one in work.claim(Sync, 1)] == [4]
    assert [one.subject for one in work.claim(Sync, 10)] == [1, 2, 3, 5]


def test_what_is_not_due_or_done_is_left_alone(put: Put, clock: Clock) -> None:
    put(1, due_at=app_clock.now() + timedelta(hours=1))
    assert work.claim(Sync) == []
    assert work.waiting(Sync) == 0
    clock.forward(hours=2)
    assert work.waiting(Sync) == 1
    (mine,) = work.claim(Sync)
    work.finish(mine, "read")
    clock.forward(hours=2)
    assert work.claim(Sync) == []
    assert work.waiting(Sync) == 0


def test_workers_at_the_same_time_share_the_rows_and_none_gets_one_twice(app: Flask, put: Put) -> None:
    put(40)
    got = at_once(app, lambda: [one.subject for one in work.claim(Sync, 7)])
    taken = [subject for batch in got for subject in batch]
    assert len(taken) == len(set(taken)) == 28


def test_a_limit_holds_however_the_database_goes_about_it(put: Put) -> None:
    """PostgreSQL is left no plan but the one that looks for each row anew what may be taken."""
    put(40)
    if db.engine.dialect.name == "postgresql":
        with transaction():
            for way in ("hashjoin", "mergejoin", "hashagg", "sort", "indexscan", "bitmapscan", "material"):
                db.session.execute(text(f"SET enable_{way} = off"))
    taken = [len(work.claim(Sync, limit)) for limit in (7, 1, 1)]
    if db.engine.dialect.name == "postgresql":
        with transaction():
            db.session.execute(text("RESET ALL"))
    assert taken == [7, 1, 1]


def test_whoever_claims_has_it_for_one_lease(put: Put, clock: Clock) -> None:
    put()
    (mine,) = work.claim(Sync)
    assert (row().owner, row().tries) == (mine.owner, 0)
    clock.forward(seconds=59)
    assert work.claim(Sync) == []
    clock.forward(seconds=2)
    (theirs,) = work.claim(Sync)
    assert (theirs.id, theirs.tries) == (mine.id, 1)
    assert theirs.owner != mine.owner


# Who woke up late


@pytest.mark.parametrize(
    "write",
    [
        lambda mine: work.finish(mine, "read"),
        lambda mine: work.hold(mine, count=7),
        lambda mine: work.again(mine, app_clock.now()),
        lambda mine: work.fail(mine, "late"),
    ],
    ids=["finish", "hold", "again", "fail"],
)
@pytest.mark.parametrize("other_is_done", [False, True])
def test_a_worker_that_was_stopped_and_woke_up_late_changes_nothing(
    put: Put, clock: Clock, write: Callable[[Sync], None], other_is_done: bool
) -> None:
    put()
    (mine,) = work.claim(Sync)
    clock.forward(seconds=61)
    (theirs,) = work.claim(Sync)
    if other_is_done:
        work.finish(theirs, "read by the other")
    with pytest.raises(LostLease):
        write(mine)
    assert row().result == ("read by the other" if other_is_done else None)
    assert (row().count, row().error) == (0, None)


def test_what_it_did_besides_is_undone_with_it(put: Put, shop: Shop, clock: Clock) -> None:
    put()
    (mine,) = work.claim(Sync)
    clock.forward(seconds=61)
    work.claim(Sync)
    with pytest.raises(LostLease), transaction():
        db.session.get_one(Shop, shop.id).name = "written too late"
        work.finish(mine, "read")
    rest()
    assert db.session.get_one(Shop, shop.id).name == "Lumen Goods"


def test_a_worker_that_is_late_but_alone_may_still_finish(put: Put, clock: Clock) -> None:
    put()
    (mine,) = work.claim(Sync)
    clock.forward(minutes=10)
    work.finish(mine, "read")
    assert row().result == "read"


def test_done_and_its_effects_stand_or_fall_together(put: Put, shop: Shop) -> None:
    put()
    (mine,) = work.claim(Sync)
    with pytest.raises(ZeroDivisionError), transaction():
        work.finish(mine, "read")
        raise ZeroDivisionError
    assert (row().result, row().owner) == (None, mine.owner)


# Failing


def test_what_failed_comes_back_later_and_later_and_is_parked_in_the_end(put: Put, clock: Clock) -> None:
    put()
    pauses = []
    for tries in range(1, len(work.BACKOFF) + 1):
        (mine,) = work.claim(Sync)
        work.fail(mine, f"try {tries}")
        if row().done_at is None:
            pauses.append((row().due_at - app_clock.now()).total_seconds())
            assert (row().tries, row().error, row().owner) == (tries, f"try {tries}", None)
            clock.forward(seconds=pauses[-1] + 1)
    assert all(0.7 * usual < pause < 1.2 * usual for pause, usual in zip(pauses, work.BACKOFF, strict=False))
    assert (row().result, row().error, row().tries) == (work.DEAD, "try 8", 8)
    assert 8 < sum(pauses) / 3600 < 30
    clock.forward(days=3)
    assert work.claim(Sync) == []


def test_coming_again_by_choice_is_no_failure(put: Put, clock: Clock) -> None:
    put()
    for _ in range(20):
        (mine,) = work.claim(Sync)
        work.again(mine, app_clock.now() + timedelta(minutes=1))
        clock.forward(seconds=61)
    assert (row().tries, row().done_at) == (0, None)


def test_the_rows_of_a_dead_worker_come_one_at_a_time_after_the_fresh_ones(put: Put, shop: Shop, clock: Clock) -> None:
    """One of them may be what killed it."""
    put(3)
    assert len(work.claim(Sync)) == 3
    clock.forward(seconds=61)
    with transaction():
        db.session.add(Sync(shop_id=shop.id, kind="order", subject=9))
    assert [one.subject for one in work.claim(Sync)] == [9]
    assert [len(work.claim(Sync)) for _ in range(4)] == [1, 1, 1, 0]


def test_a_row_that_kills_its_worker_every_time_kills_only_itself(put: Put, clock: Clock) -> None:
    put(2)
    work.claim(Sync)
    for _ in range(30):
        clock.forward(seconds=61)
        for mine in work.claim(Sync):
            if mine.subject != 1:  # the first one never gets any further
                work.finish(mine, "read")
    assert (row(1).result, row(1).error) == (work.DEAD, "its worker died every time")
    assert row(2).result == "read"


def test_a_parked_row_has_a_new_life_when_it_is_replayed(put: Put, clock: Clock) -> None:
    put()
    for _ in work.BACKOFF:
        (mine,) = work.claim(Sync)
        work.fail(mine, "no")
        clock.forward(days=1)
    assert row().result == work.DEAD
    work.replay(row())
    assert (row().result, row().done_at, row().tries) == (None, None, 0)
    (mine,) = work.claim(Sync)
    work.finish(mine, "read")
    assert row().result == "read"


# Chores


def test_a_chore_has_its_turn_once_per_interval(app: Flask, clock: Clock) -> None:
    day = timedelta(days=1)
    assert work.turn("sweep the floor", day)
    assert not work.turn("sweep the floor", day)
    assert work.turn("water the plants", day)
    clock.forward(hours=23)
    assert not work.turn("sweep the floor", day)
    clock.forward(hours=2)
    assert work.turn("sweep the floor", day)
    assert not work.turn("sweep the floor", day)


def test_of_several_clocks_one_has_the_turn(app: Flask, clock: Clock) -> None:
    for _ in range(3):
        assert sorted(at_once(app, lambda: work.turn("sweep the floor", timedelta(days=1)))) == [False] * 3 + [True]
        clock.forward(days=2)


def test_a_clock_that_stood_still_for_a_week_does_its_chore_once(app: Flask, clock: Clock) -> None:
    assert work.turn("sweep the floor", timedelta(days=1))
    clock.forward(days=7)
    assert work.turn("sweep the floor", timedelta(days=1))
    assert not work.turn("sweep the floor", timedelta(days=1))
