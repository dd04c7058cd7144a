"""What Anna will get in the next weeks and why, and what she will not get: by the decisions of the workers."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from devstore import deeds
from shopify_app import clock as app_clock
from shopify_app.db import db, transaction
from shopify_app.feedback import rules
from shopify_app.mail import refusals
from shopify_app.mail.models import Message
from shopify_app.shopify.models import Shop
from shopify_app.tracking import KINDS
from tests.carts.conftest import EMAIL, Store
from tests.carts.conftest import buy as buy
from tests.carts.conftest import lamp as lamp
from tests.carts.conftest import lumen as lumen
from tests.carts.conftest import mira as mira
from tests.carts.conftest import rounds as rounds
from tests.carts.conftest import store as store
from tests.carts.conftest import switch as switch
from tests.home.conftest import Merchant
from tests.home.test_order import text


@pytest.fixture
def owner(client: FlaskClient, lumen: Shop) -> Merchant:
    return Merchant(client, lumen.domain)


@pytest.fixture
def looks(owner: Merchant) -> Callable[[], str]:
    """What the merchant reads of Mira."""
    return lambda: text("<s-page>" + owner.sends("/messages/search", {"q": EMAIL}).text)


Looks = Callable[[], str]


def rows() -> int:
    return db.session.query(Message).count()


def test_a_cart_s_message_is_foreseen_with_its_time_and_comes_then(
    store: Store, switch: Callable[..., None], looks: Looks
) -> None:
    switch(steps=2)
    store.left()
    seen = looks()
    assert "In the next 60 days" in seen
    assert "Reminder of a cart, the first" in seen
    assert "Reminder of a cart, later ones" in seen
    assert seen.count("A cart was left") == 2
    assert rows() == 0
    store.later(hours=1)
    assert len(store.mails()) == 1
    assert looks().count("A cart was left") == 1


def test_whoever_chance_holds_out_is_not_promised_anything(
    store: Store, switch: Callable[..., None], owner: Merchant
) -> None:
    switch(holdout=50)
    people = [f"person-{number}@example.com" for number in range(12)]
    for email in people:
        store.left(email=email)
    told = {email: text("<s-page>" + owner.sends("/messages/search", {"q": email}).text) for email in people}
    store.later(hours=1)
    for email in people:
        assert ("Chance holds this person out" in told[email]) == (not store.mails(email))
        assert ("A cart was left" in told[email]) == bool(store.mails(email))


def test_who_unsubscribed_is_foreseen_to_get_none(store: Store, looks: Looks) -> None:
    store.left()
    deeds.edit_consent(store.state, store.mira, "unsubscribed")
    seen = looks()
    assert "Not at all The buyer wants no news by e-mail." in seen
    assert "A cart was left" not in seen


def test_who_refused_us_is_foreseen_to_get_none(store: Store, lumen: Shop, looks: Looks) -> None:
    store.left()
    with transaction():
        refusals.refuse(lumen, refusals.mark(lumen, EMAIL), ["marketing"])
    assert "Not at all The buyer wants no more of these messages." in looks()


def test_what_falls_into_the_night_is_foreseen_for_the_morning(store: Store, looks: Looks) -> None:
    store.until(21)
    store.left()
    assert "Later than planned: It is night where the buyer lives." in looks()


def test_who_had_enough_is_foreseen_to_wait(store: Store, lumen: Shop, looks: Looks) -> None:
    with transaction():
        lumen.settings = lumen.settings | {"budget": {"most": 1, "quiet": ["00:00", "00:00"]}}
    store.left()
    store.later(hours=1)
    assert len(store.mails()) == 1
    store.left()
    assert "Too many in 30 days." in looks()


def test_a_parcel_and_the_question_after_it_are_foreseen(store: Store, lumen: Shop, looks: Looks, clock: Any) -> None:
    with transaction():
        now = app_clock.now().isoformat()
        lumen.settings = lumen.settings | {"parcel_messages": dict.fromkeys(KINDS, now)}
        rules.switch(lumen, is_on=True)
    clock.forward(seconds=2)
    order = deeds.place_order(
        store.state, "lumen-goods.myshopify.com", [(store.lamp.variants[0].id, 1)], customer=store.mira
    )
    store.settle()
    assert "Waits until all of the order has been sent." in looks()
    parcel = deeds.fulfil(store.state, order, company="DHL", number="00340434161094042557")
    deeds.scan(store.state, parcel, "in_transit")
    store.settle()
    seen = looks()
    assert "Waits until the parcel has arrived." in seen
    assert "As soon as the parcel has arrived." in seen
    assert "If nothing is heard of the parcel until then." in seen
    deeds.scan(store.state, parcel, "delivered")
    store.settle()
    seen = looks()
    assert "The question how it was" in seen
    assert "As soon as the parcel has arrived." not in seen
    said = re.search(r"Request for feedback #\d+ (\w+ \d+, \d+)", seen)
    assert said
    clock.forward(days=10, hours=1)
    store.jobs.run()
    local = app_clock.now().strftime("%b %-d, %Y")
    assert said[1] == local


def test_a_look_ahead_writes_nothing(store: Store, looks: Looks) -> None:
    store.left()
    before = (rows(), store.reminders())
    looks()
    looks()
    assert (rows(), store.reminders()) == before


def test_another_shop_foresees_nothing(store: Store, neighbour: Merchant) -> None:
    store.left()
    assert "A cart was left" not in neighbour.sends("/messages/search", {"q": EMAIL}).text
