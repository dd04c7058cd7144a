"""What staff sees and sets: cases, the dry run that must be seen first, causes with what lies behind them."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from shopify_app import clock as app_clock
from shopify_app.db import db, rest, transaction
from shopify_app.feedback import rules
from shopify_app.feedback.models import Case, Entry
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, Tell
from tests.factories import returned, written
from tests.feedback.conftest import Buyer, Buys, in_ten_days, messages
from tests.home.conftest import Merchant

At = Callable[[datetime], None]
DAY = timedelta(days=1)


def case() -> Case:
    rest()
    return db.session.scalars(select(Case)).one()


@pytest.fixture
def complaint(mira: Buyer) -> int:
    """Mira says that the lamp is broken; the number of the case."""
    mira.sends("", {"verdict": "wrong", "cause": "damaged", "wrong": "The shade is broken."})
    return case().id


def test_staff_sees_the_case_with_its_order_parcels_and_returns(merchant: Merchant, complaint: int, tell: Tell) -> None:
    tell("returns/request", returned())
    assert "The shade is broken." in merchant.opens("/feedback").text
    page = merchant.opens(f"/feedback/cases/{complaint}").text
    for text in ("Mira Sommer", "Reading lamp", "The shade is broken.", "Delivered", "#1001-R1: Requested"):
        assert text in page


def test_a_case_is_answered_solved_and_opened_again_with_notes(merchant: Merchant, complaint: int) -> None:
    here = f"/feedback/cases/{complaint}"
    assert merchant.sends(f"{here}/notes", {"note": " "}).status_code == 422
    assert merchant.sends(f"{here}/notes", {"note": "Sent a new shade"}).status_code == 200
    assert merchant.sends(f"{here}/answered").status_code == 200
    assert merchant.sends(f"{here}/answered").status_code == 409
    assert merchant.sends(f"{here}/solved", {"note": "All well"}).status_code == 200
    assert case().solved_at is not None
    assert merchant.sends(f"{here}/open").status_code == 200
    assert merchant.sends(f"{here}/cause", {"cause": "size"}).status_code == 200
    assert merchant.sends(f"{here}/cause", {"cause": "weather"}).status_code == 422
    assert (case().state, case().cause, case().solved_at) == ("open", "size", None)
    words = [entry.word for entry in db.session.scalars(select(Entry).order_by(Entry.id))]
    assert words == ["opened", "note", "answered", "solved", "open"]
    page = merchant.opens(here).text
    assert "Sent a new shade" in page and "All well" in page


def test_another_shop_sees_and_does_nothing(neighbour: Merchant, complaint: int) -> None:
    assert "shade" not in neighbour.opens("/feedback").text
    for path in ("answered", "solved", "cause", "notes"):
        form = {"note": "x", "cause": "size"}
        assert neighbour.sends(f"/feedback/cases/{complaint}/{path}", form).status_code == 404
    assert neighbour.opens(f"/feedback/cases/{complaint}").status_code == 404
    assert case().state == "open"


# The switch


def test_requests_are_off_after_install_and_on_only_after_the_dry_run(
    shop: Shop, merchant: Merchant, neighbour: Merchant
) -> None:
    with transaction():
        shop.settings = {}
    assert rules.of(shop).since is None
    assert "Buyers are not asked yet" in merchant.opens("/feedback").text
    merchant_frame = merchant.frame | {"to": "on"}
    assert merchant.sends("/feedback/switch", query_string=merchant_frame).status_code == 409
    foreign = seen(neighbour)
    assert merchant.sends("/feedback/switch", query_string=merchant_frame | {"seen": foreign}).status_code == 409
    assert merchant.sends("/feedback/switch", query_string=merchant_frame | {"seen": seen(merchant)}).status_code == 200
    rest()
    assert rules.of(db.session.get(Shop, shop.id) or shop).since is not None
    merchant.sends("/feedback/switch", query_string=merchant.frame | {"to": "off"})
    rest()
    assert rules.of(db.session.get(Shop, shop.id) or shop).since is None


def seen(merchant: Merchant) -> str:
    page = merchant.fetches("/feedback/trial").text
    return re.findall(r"seen=([^&\"]+)", page)[0]


def test_the_dry_run_says_who_would_have_been_asked_and_why_not_the_others(
    merchant: Merchant, shop: Shop, buys: Buys, at: At
) -> None:
    with transaction():
        shop.settings = {}
    asked, cancelled = buys(1001), buys(1002)
    came = asked.arrives()
    cancelled.changes(cancelled_at=written(app_clock.now()))
    buys(1003)
    at(in_ten_days(came) + DAY)
    page = merchant.fetches("/feedback/trial").text
    assert "In the last 60 days this would have asked 1 buyer" in page
    assert "Cancelled: 1" in page and "Not all of it has been sent: 1" in page
    assert messages() == []


@pytest.mark.parametrize(("field", "value"), [("days", "0"), ("days", "x"), ("reminder_days", "31"), ("cap", "")])
def test_a_setting_outside_its_limits_is_refused(merchant: Merchant, field: str, value: str) -> None:
    form = {"days": "14", "reminder_days": "5", "cap": "50"} | {field: value}
    answer = merchant.sends("/feedback/settings", form)
    assert answer.status_code == 422 and field in answer.json["errors"]  # type: ignore[index]


def test_a_merchant_asks_after_fourteen_days_instead(merchant: Merchant, shop: Shop, buys: Buys, at: At) -> None:
    came = buys().arrives()
    form = {"days": "14", "reminder": "on", "reminder_days": "5", "cap": "50"}
    assert merchant.sends("/feedback/settings", form).status_code == 200
    at(in_ten_days(came) + DAY)
    assert messages() == []
    assert "Its day is still to come" in merchant.opens("/feedback/settings").text
    at(came + 14 * DAY + timedelta(minutes=1))
    assert messages() == ["request"]


# Causes


def test_causes_are_ranked_with_counts_money_and_examples(
    merchant: Merchant, complaint: int, buys: Buys, storefront: Storefront, shop: Shop
) -> None:
    buys(1002).arrives()
    Buyer(storefront, shop, 1002).sends("", {"verdict": "wrong", "cause": "damaged", "wrong": "Cracked."})
    buys(1003).arrives()
    Buyer(storefront, shop, 1003).sends("/answers", {"items": "1"})
    buys(1004).arrives()
    Buyer(storefront, shop, 1004).sends("", {"verdict": "good"})
    page = merchant.opens("/feedback/causes").text
    assert "4 buyers have answered" in page and "3 said that something is wrong" in page
    assert "€189.60" in page, "both orders"
    assert "Cracked." in page and "Reading lamp (Brass)" in page
    rows = merchant.opens("/feedback/causes", shown="damaged").text
    assert "Something is damaged or does not work: 2" in rows
    assert "#1001" in rows and "#1002" in rows and "#1003" not in rows


def test_a_low_score_is_joined_with_the_parcel_that_came_after_its_promise(
    merchant: Merchant, buys: Buys, storefront: Storefront, shop: Shop, at: At
) -> None:
    order = buys()
    order.is_sent(estimated_delivery_at=written(app_clock.now() + DAY))
    at(app_clock.now() + 4 * DAY)
    order.is_scanned("delivered")
    Buyer(storefront, shop, 1001).sends("/answers", {"delivery": "1"})
    page = merchant.opens("/feedback/causes").text
    assert "A parcel came after the day that the carrier had promised" in page
