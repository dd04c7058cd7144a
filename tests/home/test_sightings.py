"""Who of the staff looked at whom is written down, whichever page it was."""

from flask import Flask
from sqlalchemy import select

from shopify_app.db import db, rest
from shopify_app.home import sighted
from shopify_app.mail.models import Message
from shopify_app.privacy.models import Sighting
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop
from tests import orders
from tests.buyers import Tell
from tests.conftest import Clock
from tests.home.conftest import Merchant
from tests.home.test_order import text
from tests.home.test_privacy import asked, number
from tests.routes import doors

NAMES = (orders.BUYER["last_name"], orders.BUYER["email"])


def seen() -> list[tuple[str, str, int | None, int | None, bool]]:
    rest()
    rows = db.session.scalars(select(Sighting).order_by(Sighting.id))
    return [(row.user, row.page, row.order_id, row.count, row.is_export) for row in rows]


def test_a_look_at_an_order_is_written_down_once_a_minute(merchant: Merchant, tell: Tell, clock: Clock) -> None:
    tell("orders/create", orders.order())
    for _ in range(3):
        merchant.opens("/orders/4711")
    assert seen() == [("7", "home.order", 4711, 1, False)]
    merchant.user = 8
    merchant.opens("/orders/4711")
    clock.forward(minutes=2)
    merchant.opens("/orders/4711")
    assert [row[0] for row in seen()] == ["7", "8", "8"]


def test_leafing_through_a_list_adds_up(merchant: Merchant, tell: Tell) -> None:
    tell("orders/create", orders.order())
    merchant.opens("/orders")
    merchant.sends("/search", {"q": orders.BUYER["email"]})
    merchant.opens("/orders")
    assert seen() == [("7", "home.orders", None, 2, False), ("7", "home.search", None, 1, False)]


def test_what_shows_nobody_is_not_written_down(merchant: Merchant, tell: Tell) -> None:
    tell("orders/create", orders.order())
    for path in ("/settings", "/privacy", "/privacy/map", "/privacy/notice", "/plan"):
        assert merchant.opens(path).status_code == 200
    assert merchant.opens("/orders/1").status_code == 404
    assert seen() == []


def test_files_are_written_down_as_files(merchant: Merchant, tell: Tell) -> None:
    request = asked(orders_requested=[4711], data_request={"id": 9999})
    tell("orders/create", orders.order(), "customers/data_request", request)
    merchant.fetches(f"/privacy/{number()}/export")
    merchant.fetches("/privacy/takeout/file")
    merchant.fetches("/feedback/reviews/reviews.csv")
    assert seen() == [
        ("7", "privacy.export", None, 1, True),
        ("7", "takeout.file", None, None, True),
        ("7", "reviews_admin.as_csv", None, None, True),
    ]


def test_no_page_shows_a_buyer_in_silence(app: Flask, merchant: Merchant, shop: Shop, tell: Tell, clock: Clock) -> None:
    """Every page there is, found in the app itself: one that names a buyer has written it down."""
    tell("orders/create", orders.order(), "customers/data_request", asked(orders_requested=[4711]))
    showing = set()
    for endpoint, path in pages(app):
        before = len(seen())
        answer = merchant.fetches(path)
        if answer.status_code == 200 and any(name.encode() in answer.data for name in NAMES):
            showing.add(endpoint)
            assert [row[1] for row in seen()[before:]] == [endpoint], path
    assert {"home.orders", "home.order", "messages.page", "messages.person", "privacy.export"} <= showing


def pages(app: Flask) -> list[tuple[str, str]]:
    values = {("home", "order_id"): 4711, ("block", "order_id"): 4711, ("messages", "message_id"): message()}
    values |= {
        ("privacy", "request_id"): number(),
        ("feedback_admin", "case_id"): 1,
        ("returns_review", "request_id"): 1,
    }
    return [(one.endpoint, one.address(one.rows(values))) for one in doors(app, "merchant") if one.method == "GET"]


def message() -> int:
    return db.session.scalars(select(Message.id)).first() or 0


def test_the_merchant_reads_who_looked_at_one_person(merchant: Merchant, neighbour: Merchant, tell: Tell) -> None:
    tell("orders/create", orders.order())
    merchant.opens("/orders/4711")
    merchant.user = 8
    merchant.opens("/messages")
    page = text(merchant.opens("/privacy/log").text)
    assert "staff member 7 Orders #1001" in page
    assert "staff member 8 Messages" in page
    only = listed(merchant, user="7")
    assert "staff member 7" in only
    assert "staff member 8" not in only
    there = listed(merchant, page="Messages")
    assert "staff member 8" in there
    assert "staff member 7" not in there
    found = text("<s-page>" + merchant.sends("/privacy/log/search", {"q": orders.BUYER["email"]}).text)
    assert "staff member 7 Orders #1001" in found
    assert "staff member 8" not in found
    assert "Nobody has looked" in neighbour.opens("/privacy/log").text


def listed(merchant: Merchant, **query: str) -> str:
    """The rows, without the filter above them."""
    return text("<s-page>" + merchant.opens("/privacy/log", **query).text.partition('id="found"')[2])


def test_every_room_that_can_show_buyers_has_a_name_in_the_log(app: Flask) -> None:
    rooms = {name for name in app.blueprints if guards.merchant in app.before_request_funcs.get(name, [])}
    assert set(sighted.PAGES) <= rooms
