"""A friend's first order with a code that somebody passed on brings thanks, once; whatever else it is, a reason."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from devstore import deeds
from devstore.records import Customer, Order
from shopify_app import privacy
from shopify_app.codes import making
from shopify_app.codes.models import Code
from shopify_app.db import db, rest
from shopify_app.referrals import rewarding
from shopify_app.referrals.models import Referral
from shopify_app.shopify import install
from shopify_app.shopify.models import Shop
from tests.carts.test_killed import killed
from tests.codes.conftest import ANNA, Store
from tests.conftest import LUMEN, Sender
from tests.home.conftest import Merchant
from tests.privacy.conftest import last_request
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
    assert f"With the code {gift} you pay" in (mail.text or "")
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


def test_long_after_the_end_codes_are_forgotten_but_not_the_one_for_friends(passing: Store, anna: Customer) -> None:
    shared(passing, anna)
    passing.clock.forward(days=179)
    assert making.purge() == 0
    passing.clock.forward(days=2)
    assert making.purge() == 1
    assert [one.kind for one in db.session.query(Code)] == ["friend"]


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


@pytest.mark.parametrize("street", ["Hafenstr. 9", "HAFENSTRASSE 9", "Hafenstraße  9", "Hafen-Straße 9"])
def test_a_second_e_mail_address_in_the_same_house_is_seen_and_shown_to_staff(
    passing: Store, client: FlaskClient, street: str
) -> None:
    code = shared(passing, passing.person(ANNA, "Hafenstraße 9"))
    order = passing.buys(passing.person(BEN, street), code)
    over(passing)
    assert outcomes() == [("refused", "self")]
    page = Merchant(client, LUMEN).opens("/friends", state="refused").text
    assert order.name in page
    assert "Both are the same person, or share an address or a telephone." in page


def test_the_same_number_in_the_next_street_is_somebody_else(passing: Store) -> None:
    code = shared(passing, passing.person(ANNA, "Hafenstraße 9"))
    passing.buys(passing.person(BEN, "Hafenweg 9"), code)
    over(passing)
    assert outcomes() == [("rewarded", None)]


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


@contextmanager
def nobody_writes_messages() -> Iterator[None]:
    """Whoever has decided waits, so that all decide before anybody is done. SQLite lets one at a time write anyway."""
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE messages IN EXCLUSIVE MODE"))
        yield


def all_wait_or_are_done(workers: Sequence[threading.Thread]) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with db.engine.connect() as connection:
        while working := sum(worker.is_alive() for worker in workers):
            if db.engine.dialect.name == "postgresql" and connection.scalar(waiting) == working:
                return
            connection.rollback()
            time.sleep(0.05)


@pytest.mark.parametrize(("houses", "why"), [(1, "friend_before"), (4, "capped")])
def test_orders_that_are_looked_at_at_once_bring_one_reward(
    app: Flask, passing: Store, anna: Customer, houses: int, why: str
) -> None:
    """Four accounts of one house, or four friends where one reward is allowed, each with a worker of its own."""
    terms(cap=1 if houses > 1 else 10)
    code = shared(passing, anna)
    for number in range(4):
        passing.buys(passing.person(f"friend{number}@example.com", f"Hafenstrasse {number % houses}"), code)
    passing.clock.forward(days=15)
    install.keep_alive()

    def work_off() -> None:
        with app.app_context():
            rewarding.look(1)

    workers = [threading.Thread(target=work_off) for _ in range(4)]
    with nobody_writes_messages():
        for worker in workers:
            worker.start()
        all_wait_or_are_done(workers)
    for worker in workers:
        worker.join()
    over(passing, days=1)  # a worker may have come away with nothing: what it left is decided now
    assert sorted(outcomes(), key=str) == [("refused", why)] * 3 + [("rewarded", None)]
    assert len(passing.codes("GIFT-")) == 1


@pytest.mark.parametrize("codes", ["the same", "of two people"])
def test_two_orders_of_one_friend_in_one_second_bring_one_reward(passing: Store, anna: Customer, codes: str) -> None:
    given = [shared(passing, anna)] * 2
    if codes == "of two people":
        passing.buys(passing.person("carla.noe@example.com", "Marktplatz 1"))
        given[1] = next(code for code in passing.codes("FRIEND-") if code != given[0])
    ben, now = passing.person(BEN, "Hafenstrasse 9"), passing.state.now()
    for code in given:
        passing.buys(ben, code, at=now)
    over(passing)
    assert outcomes() == [("rewarded", None), ("refused", "not_first")]
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


def handed_over(sends: Sender, store: Store, shop: Shop, email: str) -> dict[str, Any]:
    """What a customer who asks for their data gets."""
    customer = next(one for one in store.state.customers.of(LUMEN) if one.email == email)
    orders = [order.id for order in store.state.orders.of(LUMEN) if order.customer_id == customer.id]
    asked = {"id": customer.id, "email": email, "phone": None}
    body = {"shop_domain": LUMEN, "customer": asked, "orders_requested": orders, "data_request": {"id": 1}}
    sends("customers/data_request", body)
    store.settle()
    return privacy.export_of(shop, last_request().id) or {}


def test_each_is_handed_over_what_is_theirs_and_nothing_of_the_other(
    passing: Store, installed: Shop, client: FlaskClient, sends: Sender, anna: Customer
) -> None:
    code = shared(passing, anna)
    passing.buys(passing.person(BEN, "Hafenstrasse 9"), code)
    over(passing)
    hers, his = (handed_over(sends, passing, installed, email) for email in (ANNA, BEN))
    assert {row["kind"]: row["code"] for row in hers["codes"]} == {
        "friend": code,
        "order": passing.codes("THANKS-")[0],
        "reward": passing.codes("GIFT-")[0],
    }
    assert "referrals" not in hers
    assert [row["result"] for row in his["referrals"]] == ["rewarded"]
    assert code not in str(his["codes"])
    assert BEN not in str(hers)
    assert ANNA not in str(his)


def test_all_codes_of_who_is_erased_go_and_those_of_others_stay(
    passing: Store, client: FlaskClient, sends: Sender, anna: Customer
) -> None:
    code = shared(passing, anna)
    mine = next(order for order in passing.state.orders.of(LUMEN) if order.customer_id == anna.id)
    ben = passing.person(BEN, "Hafenstrasse 9")
    passing.buys(ben, code)
    over(passing)
    assert {one.customer_id for one in db.session.query(Code)} == {anna.id, ben.id}
    redact(sends, mine, ANNA)
    passing.settle()
    rest()
    assert {one.customer_id for one in db.session.query(Code)} == {ben.id}
    assert outcomes() == [("rewarded", None)]
