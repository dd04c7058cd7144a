"""What buyers ask at each moment of an order."""

import html

import pytest

from shopify_app import clock
from shopify_app.language import LANGUAGES, speak
from shopify_app.orders import links, sayings
from shopify_app.shopify.models import Shop
from shopify_app.tracking import faq
from shopify_app.tracking.scans import State
from tests.buyers import Storefront, Tell
from tests.orders import order, parcel, scan


@pytest.mark.parametrize("state", faq.GUIDE)
def test_there_are_five_answers_and_three_steps_at_every_moment(state: State) -> None:
    assert len(faq.questions(state)) >= 5
    assert len(faq.GUIDE[state]) >= 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("state", "news"),
    [
        ("paid", []),
        ("packing", ["label_printed"]),
        ("moving", ["in_transit"]),
        ("arrived", ["delivered"]),
        ("problem", ["failure"]),
    ],
)
def test_the_page_answers_the_questions_of_the_moment_in_the_order_s_language(
    storefront: Storefront, tell: Tell, shop: Shop, state: State, news: list[str], language: str
) -> None:
    tell("orders/create", order(customer_locale=language))
    if news:
        tell("fulfillments/create", parcel(31, {1: 2, 2: 1}))
    for number, status in enumerate(news, 1):
        at = "2099-01-01T10:00:00Z"  # so that it is never late
        tell("fulfillment_events/create", scan(number, 31, status, at))
    page = html.unescape(storefront.get(links.path(shop, 4711)).text)
    t = speak(language).t
    for one in faq.questions(state):
        assert t(one.question) in page
        assert sayings.filled(t(one.answer), shop, clock.now(), speak(language)) in page
    places = [page.index(t(step)) for step in faq.GUIDE[state]]
    assert places == sorted(places)


def test_an_order_that_was_cancelled_goes_on_nowhere(storefront: Storefront, tell: Tell, shop: Shop) -> None:
    tell("orders/create", order(cancelled_at="2026-06-01T11:00:00+02:00"))
    page = storefront.get(links.path(shop, 4711)).text
    assert "How it goes on" not in page
    assert "When do I get my money back?" in page
