"""Transactions: the only way to commit, all or nothing, and the one way to upsert."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy.exc import StatementError

from shopify_app.db import db, on_commit, rest, transaction, upsert
from shopify_app.orders.models import Product
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN


def names() -> list[str]:
    rest()
    return sorted(shop.name for shop in db.session.query(Shop))


def add(name: str) -> None:
    db.session.add(Shop(domain=f"{name}.myshopify.com", name=name))


def test_all_of_it_is_written_or_nothing(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        add("first")
        db.session.flush()
        raise ZeroDivisionError
    assert names() == []
    with transaction():
        add("first")
        add("second")
    assert names() == ["first", "second"]


def test_an_inner_one_joins_the_outer_one(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        with transaction():
            add("inner")
        raise ZeroDivisionError
    assert names() == []


def test_what_waits_for_the_commit_happens_after_it_and_in_order(app: Flask) -> None:
    done: list[object] = []
    with transaction():
        add("first")
        on_commit(lambda: done.append(names()))
        with transaction():
            on_commit(lambda: done.append("inner"))
        assert done == []
    assert done == [["first"], "inner"]


def test_what_waits_for_a_commit_that_never_comes_is_dropped(app: Flask) -> None:
    done: list[str] = []
    with pytest.raises(ZeroDivisionError), transaction():
        on_commit(lambda: done.append("never"))
        raise ZeroDivisionError
    with transaction():
        add("later")
    assert done == []


def test_outside_of_a_transaction_it_happens_at_once(app: Flask) -> None:
    done: list[str] = []
    on_commit(lambda: done.append("now"))
    assert done == ["now"]


def test_rows_cannot_be_changed_outside_of_a_transaction(shop: Shop) -> None:
    shop.name = "changed in passing"
    with pytest.raises(RuntimeError), transaction():
        pass
    db.session.rollback()
    assert names() == ["Lumen Goods"]


def test_no_call_to_the_outside_is_made_inside_a_transaction(app: Flask) -> None:
    with pytest.raises(RuntimeError), transaction():
        rest()


def test_no_decision_rests_on_what_was_read_before(app: Flask, shop: Shop) -> None:
    """Another process writes between our reading and our transaction, whether or not we were amid a reading."""
    for name in ("one", "two"):
        known = shop.name
        with app.app_context(), transaction():
            db.session.query(Shop).one().name = name
        with transaction():
            assert known != name
            assert shop.name == name


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    with pytest.raises((ValueError, StatementError)), transaction():
        add("first")
        db.session.query(Shop).filter(Shop.installed_at < datetime(2026, 1, 1)).all()  # noqa: DTZ001


def test_a_moment_comes_back_in_utc_to_the_microsecond(shop: Shop) -> None:
    tokyo = datetime(2026, 11, 1, 19, 0, 0, 123456, tzinfo=timezone(timedelta(hours=9)))
    with transaction():
        shop.installed_at = tokyo
    rest()
    found = db.session.query(Shop).filter_by(domain=LUMEN).one().installed_at
    assert found is not None
    assert (found.isoformat(), found.tzinfo) == ("2026-11-01T10:00:00.123456+00:00", UTC)


NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def product(shop: Shop, title: str, minutes: int, seen: int = 0) -> dict[str, object]:
    dated = {"updated_at": NOON + timedelta(minutes=minutes), "seen_at": NOON + timedelta(minutes=seen)}
    return {"shop_id": shop.id, "id": 1, "title": title, "handle": None, "variant_images": {}} | dated


@pytest.mark.parametrize(
    ("second", "wins"),
    [((1, 0), True), ((-1, 0), False), ((0, 1), True), ((0, -1), False), ((0, 0), True), ((-1, 9), False)],
)
def test_newer_news_replaces_and_older_changes_nothing(shop: Shop, second: tuple[int, int], wins: bool) -> None:
    keys, newer = ("shop_id", "id"), ("updated_at", "seen_at")
    with transaction():
        assert upsert(Product, [product(shop, "first", 0)], keys, newer=newer) == 1
        assert upsert(Product, [product(shop, "second", *second)], keys, newer=newer) == int(wins)
    assert db.session.query(Product).one().title == ("second" if wins else "first")


def test_what_stands_may_be_kept(shop: Shop) -> None:
    with transaction():
        upsert(Product, [product(shop, "first", 0)], ("shop_id", "id"))
        assert upsert(Product, [product(shop, "second", 5)], ("shop_id", "id"), keep=True) == 0
    assert db.session.query(Product).one().title == "first"


def test_nothing_is_upserted_without_a_word(app: Flask) -> None:
    with transaction():
        assert upsert(Product, [], ("shop_id", "id")) == 0
