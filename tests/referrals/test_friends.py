"""A friend's first order with a code that somebody passed on brings thanks, once; whatever else it is, a reason."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from devstore import deeds
from devstore.records import Customer, Order
from shopify_app.db import db, rest
from shopify_app.referrals.models import Referral
from shopify_app.shopify import install
from tests.carts.test_killed import killed
from tests.codes.conftest import ANNA, Store
from tests.conftest import LUMEN, Sender
from tests.referrals.conftest import outcomes, terms

BEN = "ben.roth@example.com"


def shared(store: Store, anna: Customer) -> str:
    """The code in Anna's confirmation."""
    store.buys(anna)
    [code] = [one for one in store.codes("FRIEND-") if one in (store.mails()[-1].text or "")]
    return code


def over(store: Store, days: int = 15) -> None:
    """The friend's order can hardly come back any more; by day, for at night nobody is written to."""
    store.later(days=days)
    install.keep_alive()
    store.later(hours=12)
    store.later(hours=12)


def test_a_friends_first_order_brings_a_code_to_who_sent_them(passing: Store, anna: Customer) -> None:
    code = shared(passing, anna)
    ben = passing.person(BEN, "Hafenstrasse 9", phone="+4934198765432")
    passing.buys(ben, code)
    assert outcomes() == [(None, None)]
    passing.later(days=13)
    assert passing.codes("GIFT-") == []
    over(passing, days=1)
    assert outcomes() == [("rewarded", None)]
    [gift] = passing.codes("GIFT-")
    mail = passing.mails()[-1]
    assert mail.subject == "Thank you for sending a friend"
    assert f"This one is for you: {gift}" in (mail.text or "")
    assert f"/discount/{gift}" in (mail.html or "")
    assert next(one for one in passing.state.codes.of(LUMEN) if one.code == gift).usage_limit == 1


def test_the_code_of_a_person_is_always_the_same(passing: Store, anna: Customer) -> None:
    code = shared(passing, anna)
    for days in (50, 45):
        passing.later(days=days)
        install.keep_alive()
    terms(percent=20)
    passing.buys(anna)
    assert passing.codes("FRIEND-") == [code]
    assert len(passing.codes("THANKS-")) == 2
    assert code in (passing.mails()[-1].text or "")
    found = passing.state.code(LUMEN, code)
    assert found is not None
    assert (found.usage_limit, found.once_per_customer, found.ends_at) == (None, True, None)


def test_where_it_is_off_nobody_gets_a_code_for_friends(store: Store, anna: Customer) -> None:
    store.buys(anna)
    assert store.codes("FRIEND-") == []
    assert "friends" not in (store.mails()[-1].text or "").lower()


@pytest.mark.parametrize("alike", ["account", "phone", "address"])
def test_nobody_is_their_own_friend(passing: Store, anna: Customer, alike: str) -> None:
    anna.phone = "+493411234567"
    code = shared(passing, anna)
    if alike == "account":
        passing.buys(anna, code)
    elif alike == "phone":
        passing.buys(passing.person(BEN, "Hafenstrasse 9", phone="+49 341 1234567"), code, phone="+49 341 1234567")
    else:
        passing.buys(passing.person(BEN, "linden weg 4"), code)
    over(passing)
    [(result, reason)] = outcomes()
    assert (result, reason) == ("refused", "self")
    assert passing.codes("GIFT-") == []


def test_a_friend_who_had_ordered_before_is_none(passing: Store, anna: Customer) -> None:
    ben = passing.person(BEN, "Hafenstrasse 9")
    passing.buys(ben)
    passing.buys(ben, shared(passing, anna))
    over(passing)
    assert outcomes() == [("refused", "not_first")]


def test_an_order_from_before_our_time_is_known_to_shopify(passing: Store, anna: Customer) -> None:
    ben, code = passing.person(BEN, "Hafenstrasse 9"), shared(passing, anna)
    passing.shopify.faults.webhooks.dropped = 100
    then = passing.state.now() - timedelta(days=90)
    deeds.place_order(passing.state, LUMEN, [(passing.lamp.variants[0].id, 1)], customer=ben, at=then)
    passing.shopify.log.settle()
    passing.shopify.faults.webhooks.dropped = 0
    passing.buys(ben, code)
    over(passing)
    assert outcomes() == [("refused", "not_first")]


def test_a_friend_brings_a_reward_once(passing: Store, anna: Customer) -> None:
    """Two orders on one day, from two accounts that share a house."""
    code = shared(passing, anna)
    passing.buys(passing.person(BEN, "Hafenstrasse 9"), code)
    passing.buys(passing.person("bea.roth@example.com", "Hafenstrasse 9"), code)
    over(passing)
    assert sorted(outcomes(), key=str) == [("refused", "friend_before"), ("rewarded", None)]
    assert len(passing.codes("GIFT-")) == 1


@pytest.mark.parametrize("end", ["cancelled", "refunded"])
def test_an_order_that_did_not_stay_brings_nothing(passing: Store, anna: Customer, end: str) -> None:
    order = passing.buys(passing.person(BEN, "Hafenstrasse 9"), shared(passing, anna))
    if end == "cancelled":
        deeds.cancel(passing.state, order)
    else:
        deeds.refund(passing.state, order, amount="5.00")
    passing.settle()
    over(passing)
    assert outcomes() == [("refused", f"friend_{end}")]
    assert passing.codes("GIFT-") == []


def test_one_person_gets_as_many_rewards_as_the_merchant_allows(passing: Store, anna: Customer) -> None:
    terms(cap=1)
    code = shared(passing, anna)
    for number in range(3):
        passing.buys(passing.person(f"friend{number}@example.com", f"Hafenstrasse {number}"), code)
    over(passing)
    assert sorted(outcomes(), key=str) == [("refused", "capped"), ("refused", "capped"), ("rewarded", None)]


def test_whoever_unsubscribed_gets_no_message_and_so_no_code(passing: Store, anna: Customer) -> None:
    passing.buys(passing.person(BEN, "Hafenstrasse 9"), shared(passing, anna))
    deeds.edit_consent(passing.state, anna, "unsubscribed")
    over(passing)
    assert outcomes() == [("rewarded", None)]
    assert passing.codes("GIFT-") == []


@pytest.mark.faults
@pytest.mark.parametrize("point", ["referrals_claimed", "referral_decided", "code_intended", "code_made"])
def test_a_reward_whose_worker_was_killed_is_one(app: Flask, passing: Store, anna: Customer, point: str) -> None:
    passing.buys(passing.person(BEN, "Hafenstrasse 9"), shared(passing, anna))
    passing.clock.forward(days=15)
    install.keep_alive()
    for _ in range(24):
        if killed(app, point):
            break
        passing.clock.forward(hours=1)
    over(passing, days=1)
    assert outcomes() == [("rewarded", None)]
    assert len(passing.codes("GIFT-")) == 1
    assert len([mail for mail in passing.mails() if "friend" in mail.subject]) == 1


def redact(sends: Sender, order: Order, email: str) -> None:
    customer = {"id": order.customer_id, "email": email, "phone": None}
    sends("customers/redact", {"shop_domain": LUMEN, "customer": customer, "orders_to_redact": [order.id]})


def test_once_the_friend_is_erased_nothing_of_them_stays(
    passing: Store, client: FlaskClient, sends: Sender, anna: Customer
) -> None:
    order = passing.buys(passing.person(BEN, "Hafenstrasse 9"), shared(passing, anna))
    redact(sends, order, BEN)
    passing.settle()
    assert outcomes() == []
    assert passing.codes("FRIEND-") != []


def test_once_who_sent_them_is_erased_there_is_nobody_to_thank(
    passing: Store, client: FlaskClient, sends: Sender, anna: Customer
) -> None:
    code = shared(passing, anna)
    mine = next(order for order in passing.state.orders.of(LUMEN) if order.customer_id == anna.id)
    passing.buys(passing.person(BEN, "Hafenstrasse 9"), code)
    redact(sends, mine, ANNA)
    passing.settle()
    rest()
    assert db.session.query(Referral).count() == 1
    over(passing)
    assert outcomes() == [("refused", "referrer_gone")]
    assert passing.codes("GIFT-") == []
