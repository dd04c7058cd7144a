"""How often and when anybody gets marketing is the merchant's to say."""

from datetime import time, timedelta

import pytest

from shopify_app.db import db, rest
from shopify_app.mail import rules
from shopify_app.mail.hours import Quiet
from shopify_app.mail.rules import Rules
from shopify_app.shopify.models import Shop
from tests.home.conftest import Merchant

FORM = {
    "gap": "24",
    "most": "3",
    "hourly": "200",
    "begins": "20:30",
    "ends": "9:00",
    "customers": "fr, Belgien",
    "blocked": "CA",
}


def kept(shop: Shop) -> Rules:
    rest()
    db.session.refresh(shop)
    return rules.of(shop)


def test_the_rules_come_safe_and_are_kept_as_typed(merchant: Merchant, shop: Shop) -> None:
    page = merchant.opens("/settings/budget").text
    for value in ('value="16"', 'value="5"', 'value="21:00"', 'value="08:00"'):
        assert value in page
    assert merchant.sends("/settings/budget", FORM).json == {"toast": "Saved", "is_error": False}
    quiet = Quiet(time(20, 30), time(9))
    assert kept(shop) == Rules(timedelta(hours=24), 3, 200, quiet, frozenset({"FR", "BE"}), frozenset({"CA"}))
    assert 'value="BE, FR"' in merchant.opens("/settings/budget").text
    assert shop.settings["confirmations"] is True


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("gap", "-1"),
        ("gap", "often"),
        ("gap", "721"),
        ("most", ""),
        ("most", "31"),
        ("most", "²"),
        ("hourly", "0"),
        ("hourly", "10001"),
        ("begins", "25:00"),
        ("ends", "8"),
        ("customers", "Atlantis"),
        ("customers", "FR, DE"),
        ("customers", "Österreich"),
        ("blocked", "X1"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field_and_changes_nothing(
    merchant: Merchant, shop: Shop, field: str, typed: str
) -> None:
    answer = merchant.sends("/settings/budget", FORM | {field: typed})
    assert answer.status_code == 422
    assert list((answer.json or {})["errors"]) == [field]
    assert kept(shop) == Rules()


def test_the_rules_are_the_shops_own(merchant: Merchant, neighbour: Merchant, shop: Shop) -> None:
    neighbour.sends("/settings/budget", FORM)
    assert kept(shop) == Rules()
