"""The one switch."""

import re

from shopify_app.db import db, rest, transaction
from shopify_app.shopify.models import Shop
from tests.home.conftest import Merchant


def is_on(shop: Shop) -> object:
    rest()
    db.session.refresh(shop)
    return shop.settings.get("confirmations")


def rehearsed(merchant: Merchant) -> dict[str, str]:
    """What the form holds once the dry run was looked at."""
    found = re.search(r"seen=([\w.\-]+)", merchant.fetches("/settings/rehearsal").text)
    assert found
    return {"seen": found[1]}


def test_our_own_confirmation_is_off_until_the_merchant_switches_it_on(merchant: Merchant, shop: Shop) -> None:
    with transaction():
        shop.settings = {"colour": "green"}
    page = merchant.opens("/settings/switches").text
    switch = page[page.index("<s-switch") : page.index("</s-switch>")]
    assert " checked" not in switch
    assert "Shopify already sends a confirmation of its own" in page
    assert merchant.sends("/settings/switches", {"confirmations": "on"} | rehearsed(merchant)).json == {
        "toast": "Saved",
        "is_error": False,
    }
    assert is_on(shop) is True
    assert shop.settings["colour"] == "green"
    page = merchant.opens("/settings/switches").text
    assert " checked" in page[page.index("<s-switch") : page.index("</s-switch>")]
    assert merchant.sends("/settings/switches").status_code == 200
    assert is_on(shop) is False


def test_a_wrong_value_is_said_at_its_field_and_changes_nothing(merchant: Merchant, shop: Shop) -> None:
    answer = merchant.sends("/settings/switches", {"confirmations": "maybe"})
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"] == {"confirmations": "On or off?"}
    assert is_on(shop) is True


def test_the_form_shows_the_save_bar(merchant: Merchant) -> None:
    page = merchant.opens("/settings/switches").text
    assert "data-save-bar" in page[page.index("<form") : page.index(">", page.index("<form"))]


def test_a_switch_is_the_shops_own(merchant: Merchant, neighbour: Merchant, shop: Shop) -> None:
    neighbour.sends("/settings/switches", {})
    assert is_on(shop) is True
