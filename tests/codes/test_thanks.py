"""Thanks for an order: a code of the buyer's own in the confirmation, within the merchant's number, never two."""

import re

import pytest
from flask import Flask

from devstore import deeds
from devstore.records import Customer
from jobs import webhooks
from shopify_app.db import rest, transaction
from shopify_app.shopify import models as shops
from tests.carts.test_killed import killed
from tests.codes.conftest import Store, thank
from tests.conftest import LUMEN

THANKS = re.compile(r"THANKS-[A-Z2-7]{5}-[A-Z2-7]{5}")


def test_the_buyer_reads_a_code_of_their_own_that_works_once(store: Store, anna: Customer) -> None:
    thank(percent=15, days=7)
    order = store.buys(anna)
    [code] = store.state.codes.of(LUMEN)
    [mail] = store.mails()
    assert THANKS.findall(mail.text or "") == [code.code]
    assert (code.percent, code.usage_limit, code.once_per_customer) == ("15.0", 1, True)
    assert code.ends_at is not None
    assert (code.ends_at - code.starts_at).days == 7
    assert store.confirmation(order).facts == {"kind": "tempting", "why": "agreed"}


def test_when_the_number_of_codes_is_used_up_the_plain_one_goes_out_and_says_why(store: Store) -> None:
    thank(percent=10, budget=10)
    orders = [store.buys(store.person(f"person-{number}@example.com", f"Weg {number}")) for number in range(12)]
    assert len(store.codes("THANKS-")) == 10
    kinds = [(store.confirmation(order).facts or {}) for order in orders]
    assert kinds[9:] == [{"kind": "tempting", "why": "agreed"}] + [{"kind": "plain", "why": "codes_spent"}] * 2
    assert all(len(store.mails(f"person-{number}@example.com")) == 1 for number in range(12))


def test_whoever_had_a_code_not_long_ago_gets_the_plain_one(store: Store, anna: Customer) -> None:
    store.buys(anna)
    order = store.buys(anna)
    assert len(store.codes("THANKS-")) == 1
    assert store.confirmation(order).facts == {"kind": "plain", "why": "had_code"}


def test_a_shop_that_does_not_allow_it_sends_the_plain_one(store: Store, anna: Customer) -> None:
    rest()
    shop = shops.named(LUMEN)
    with transaction():
        shop.scopes = ",".join(scope for scope in shop.scopes.split(",") if scope != "write_discounts")
    order = store.buys(anna)
    assert store.codes("THANKS-") == []
    assert store.confirmation(order).facts == {"kind": "plain", "why": "codes_forbidden"}


def test_a_code_that_a_merchant_typed_before_is_no_trouble(store: Store, anna: Customer) -> None:
    """It stood in the settings of an earlier version."""
    thank(code="TEN")
    order = store.buys(anna)
    assert store.confirmation(order).facts == {"kind": "plain", "why": "codes_off"}


@pytest.mark.faults
@pytest.mark.parametrize("point", ["code_intended", "code_made", "message_intended"])
def test_a_confirmation_whose_worker_was_killed_has_one_code(
    app: Flask, store: Store, anna: Customer, point: str
) -> None:
    """What may have gone out is not sent again, and there is one code all the same."""
    deeds.place_order(store.state, LUMEN, [(store.lamp.variants[0].id, 1)], customer=anna, customer_locale="en")
    assert store.shopify.log.settle()
    webhooks.drain()
    assert killed(app, point)
    for _ in range(3):
        store.later(minutes=2)
    assert len(store.codes("THANKS-")) == 1
    mails = store.mails()
    assert len(mails) == (0 if point == "message_intended" else 1)
    assert all(THANKS.findall(mail.text or "") == store.codes("THANKS-") for mail in mails)
