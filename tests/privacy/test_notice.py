"""What buyers and merchants read about how data is kept is made from the map, in every language."""

import pytest

from shopify_app import periods
from shopify_app.db import transaction
from shopify_app.language import LANGUAGES, speak
from shopify_app.privacy import datamap
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront
from tests.buyers import storefront as storefront
from tests.home.conftest import Merchant
from tests.home.conftest import merchant as merchant
from tests.home.test_order import text


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_buyer_reads_what_for_and_how_long(shop: Shop, storefront: Storefront, code: str) -> None:
    with transaction():
        shop.settings = shop.settings | {periods.SETTING: {periods.CARTS: 45}}
    page = storefront.get("/privacy", query={"locale": code}).text
    speech = speak(code)
    for purpose in datamap.PURPOSES:
        assert (speech.t(purpose.title) in page) == purpose.is_of_buyers, purpose.name
        days = datamap.days(shop, purpose)
        assert speech.t(purpose.how_long, days=days) in page or not purpose.is_of_buyers
    assert "45" in page


def test_a_merchant_takes_the_notice_in_a_language_of_the_buyers(merchant: Merchant) -> None:
    page = merchant.opens("/privacy/notice", language="de").text
    assert "Wie lange:" in page
    file = merchant.opens("/privacy/notice/file", language="de")
    assert file.headers["Content-Disposition"] == "attachment; filename=privacy-notice-de.html"
    assert '<html lang="de">' in file.text
    assert "Wie lange:" in file.text


def test_the_agreement_says_that_it_is_a_draft_and_who_else_gets_the_data(merchant: Merchant) -> None:
    page = text(merchant.opens("/privacy/agreement").text)
    assert "The operator must read it, complete it and sign it" in page
    assert "The mail server that sends the messages: 127.0.0.1." in page
    assert "asks carriers" not in page, "no such server is set"
    assert "The operator must read it" in merchant.opens("/privacy/agreement/file").text


def test_a_merchant_keeps_things_less_long_but_not_less_than_is_needed(merchant: Merchant, shop: Shop) -> None:
    least = {name: str(period.least) for name, period in periods.PERIODS.items()}
    assert merchant.sends("/privacy/periods", least).status_code == 200
    page = text(merchant.opens("/privacy/map").text)
    assert "How long: 180 days after the last news of the order" in page
    assert "Last purged: not yet; it happens once a day" in page
    refused = merchant.sends("/privacy/periods", least | {"orders": "9", "carts": "x"})
    assert refused.status_code == 422
    assert refused.json["errors"] == {
        "orders": "A whole number from 180 to 730.",
        "carts": "A whole number from 30 to 90.",
    }
