"""The day that the shop's own rule lets a buyer expect: told as an estimate, and only while it can still be true."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from shopify_app import clock as app_clock
from shopify_app.db import db, rest, transaction
from shopify_app.language import LANGUAGES, speak
from shopify_app.orders import links
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop
from shopify_app.tracking import sentence
from shopify_app.tracking.models import Promise
from shopify_app.tracking.state import Progress
from tests.buyers import Storefront, Tell
from tests.conftest import Clock
from tests.home.conftest import Merchant
from tests.home.conftest import merchant as merchant
from tests.home.conftest import neighbour as neighbour
from tests.orders import order, parcel, scan
from tests.tracking.shapes import MONDAY, progress, whole

RULE = {"handling": 1, "domestic": 2, "abroad": 4}


def shop_with(**setting: Any) -> Shop:
    return Shop(country="FR", timezone="Europe/Paris", settings={"delivery_days": setting})


def placed(*parcels: list[str], **fields: Any) -> Whole:
    """Ordered on Monday."""
    return whole(*parcels, **({"placed_at": MONDAY, "shipping_method": None} | fields))


def expected(found: Progress) -> tuple[date, str] | None:
    told = found.standing(found.parcels[0]) if found.parcels else found.ahead
    return told and (told.at.date(), told.by)


@pytest.mark.parametrize(
    ("fields", "setting", "day"),
    [
        ({}, RULE, date(2026, 6, 4)),
        ({"country": "DE"}, RULE, date(2026, 6, 8)),  # Tuesday, and four working days
        ({"country": "DE"}, {"handling": 1, "domestic": 2}, None),
        ({}, {"domestic": 2}, None),
        ({}, {}, None),
        ({"country": None}, RULE, None),
        ({"financial_status": "pending"}, RULE, None),
        ({"cancelled_at": MONDAY}, RULE, None),
        ({"shipping_method": "Express"}, RULE | {"methods": {"Express": {"domestic": 1}}}, date(2026, 6, 3)),
        ({"shipping_method": "Express"}, {"methods": {"Express": RULE}}, date(2026, 6, 4)),
        ({"shipping_method": "Standard"}, {"methods": {"Express": RULE}}, None),
        ({}, {"handling": 0, "domestic": 0}, date(2026, 6, 1)),
    ],
)
def test_before_anything_is_sent_the_rule_counts_from_the_order(
    fields: dict[str, Any], setting: dict[str, Any], day: date | None
) -> None:
    found = expected(progress(placed(**fields), 1, shop_with(**setting)))
    assert found == (day and (day, "shop"))


def test_an_order_that_should_have_been_sent_by_now_is_given_no_day_any_more() -> None:
    """Handling takes until Tuesday."""
    assert expected(progress(placed(), 24 + 13, shop_with(**RULE)))
    assert expected(progress(placed(), 24 + 14, shop_with(**RULE))) is None


@pytest.mark.parametrize(
    ("scans", "day"),
    [
        ([], date(2026, 6, 3)),
        (["label_printed"], date(2026, 6, 3)),
        (["in_transit"], date(2026, 6, 3)),
        (["out_for_delivery"], None),
        (["ready_for_pickup"], None),
        (["delayed"], None),
        (["attempted_delivery"], None),
        (["delivered"], None),
    ],
)
def test_a_parcel_s_estimate_counts_from_its_dispatch_and_only_while_all_goes_as_usual(
    scans: list[str], day: date | None
) -> None:
    assert expected(progress(placed(scans), 12, shop_with(**RULE))) == (day and (day, "shop"))


def test_what_the_carrier_promised_stands_before_the_shop_s_rule_also_when_it_is_over() -> None:
    order = placed(["in_transit"])
    order.shipments[0].estimated_delivery_at = MONDAY + timedelta(days=1)
    assert expected(progress(order, 12, shop_with(**RULE))) == (date(2026, 6, 2), "carrier")
    assert expected(progress(order, 40, shop_with(**RULE))) is None


def test_no_parcel_is_late_by_the_rule_alone_and_its_day_is_hidden_once_it_is_over() -> None:
    order = placed(["in_transit", "in_transit"])
    order.events[1].happened_at = MONDAY + timedelta(days=2)
    over = progress(order, 24 * 3, shop_with(**RULE))
    assert expected(over) is None
    assert over.parcels[0].delay is None


SAID = {
    "en": "Your order is paid, and we are preparing it; it should come on Thursday (our estimate).",
    "fr": "Votre commande est payée et nous la préparons\u00a0; elle devrait arriver jeudi (selon notre estimation).",
    "de": "Ihre Bestellung ist bezahlt und wird vorbereitet; "
    "sie sollte am Donnerstag (nach unserer Schätzung) ankommen.",
    "es": "Su pedido está pagado y lo estamos preparando; debería llegar el jueves (según nuestra estimación).",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_buyer_reads_that_it_is_the_shop_s_estimate(language: str) -> None:
    assert sentence.headline(progress(placed(), 1, shop_with(**RULE)), speak(language)) == SAID[language]


@pytest.mark.parametrize(
    ("scans", "said"),
    [
        ([], "Your parcel has been sent and should come on Wednesday (our estimate)."),
        (
            ["label_printed"],
            "Your parcel is packed, waits for the carrier and should come on Wednesday (our estimate).",
        ),
        (["in_transit"], "Your parcel is on its way and should come on Wednesday (our estimate)."),
    ],
)
def test_so_does_the_buyer_of_a_parcel(scans: list[str], said: str) -> None:
    told = sentence.headline(progress(placed(scans), 1, shop_with(**RULE)), speak("en"))
    assert told == said


def monday(clock: Clock) -> datetime:
    """At noon of the next Monday but one on which nobody has a holiday: within a week of working days."""
    now = app_clock.now()
    day = datetime(now.year + 1, 6, 8, 10, tzinfo=UTC)
    clock.forward(seconds=(day + timedelta(days=-day.weekday()) - now).total_seconds())
    return app_clock.now()


def test_the_page_tells_who_expects_it_and_the_ledger_knows_only_promises(
    storefront: Storefront, tell: Tell, shop: Shop, clock: Clock
) -> None:
    now = monday(clock)
    with transaction():
        shop.country, shop.settings = "FR", {"delivery_days": RULE}
        db.session.add(shop)
    dated = {"created_at": now.isoformat(), "processed_at": now.isoformat()}
    tell("orders/create", order(**dated))
    day = now + timedelta(days=3)
    told = f"<dt>Expected</dt><dd><strong>{day:%A, %B} {day.day}, {day.year}</strong><br>"
    told += '<span class="aftercare-small">'
    page = storefront.get(links.path(shop, 4711)).text
    assert told + "our estimate</span></dd>" in page
    clock.forward(days=1)
    tell("fulfillments/create", parcel(31, {1: 2}, created_at=app_clock.now().isoformat()))
    assert told + "our estimate</span></dd>" in storefront.get(links.path(shop, 4711)).text
    assert db.session.scalars(select(Promise)).all() == []
    promise = scan(1, 31, "in_transit", app_clock.now().isoformat(), estimated_delivery_at=str(day))
    tell("fulfillment_events/create", promise)
    assert told + "says the carrier</span></dd>" in storefront.get(links.path(shop, 4711)).text
    rest()
    assert len(db.session.scalars(select(Promise)).all()) == 1


def setting(shop: Shop) -> object:
    rest()
    db.session.refresh(shop)
    return shop.settings.get("delivery_days")


def test_the_merchant_sets_days_for_all_and_for_each_method_that_buyers_chose(
    merchant: Merchant, tell: Tell, shop: Shop
) -> None:
    assert "As soon as there are orders" in merchant.opens("/settings/delivery").text
    for number, title in ((1, "Standard"), (2, "Standard"), (3, "<Express>"), (4, None)):
        lines = [{"title": title}] if title else []
        tell("orders/create", order(number, name=f"#{number}", shipping_lines=lines))
    page = merchant.opens("/settings/delivery").text
    assert page.index('value="Standard"') < page.index('value="&lt;Express&gt;"')
    form = {"handling": "1", "domestic": " 2 ", "abroad": "", "domestic-1": "1", "method": ["Standard", "<Express>"]}
    assert merchant.sends("/settings/delivery", form).json == {"toast": "Saved", "is_error": False}
    assert setting(shop) == {"handling": 1, "domestic": 2, "methods": {"<Express>": {"domestic": 1}}}
    assert shop.settings["confirmations"] is True
    page = merchant.opens("/settings/delivery").text
    assert 'name="domestic-1" label="On the way, in your country" value="1"' in page


@pytest.mark.parametrize("typed", ["-1", "61", "1.5", "two", "٣", "1e1", "0000"])
def test_what_is_no_number_of_days_is_said_at_its_field_and_changes_nothing(
    merchant: Merchant, shop: Shop, typed: str
) -> None:
    answer = merchant.sends("/settings/delivery", {"handling": "1", "abroad": typed})
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"] == {"abroad": "Please enter a whole number from 0 to 60, or nothing."}
    assert setting(shop) is None


def test_a_method_that_nobody_chose_cannot_be_set(merchant: Merchant, shop: Shop) -> None:
    assert merchant.sends("/settings/delivery", {"method": ["Teleport"], "handling-0": "1"}).status_code == 409
    assert setting(shop) is None


def test_delivery_times_are_the_shop_s_own(merchant: Merchant, neighbour: Merchant, tell: Tell, shop: Shop) -> None:
    tell("orders/create", order(shipping_lines=[{"title": "By bicycle"}]))
    assert "By bicycle" in merchant.opens("/settings/delivery").text
    assert "By bicycle" not in neighbour.opens("/settings/delivery").text
    neighbour.sends("/settings/delivery", {"handling": "9"})
    assert setting(shop) is None


def test_the_settings_lead_there(merchant: Merchant) -> None:
    assert "/settings/delivery?" in merchant.opens("/settings").text
