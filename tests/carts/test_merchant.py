"""The merchant sees what reminders would have done before they can be switched on, and what they did."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from devstore import deeds, server
from shopify_app import clock as app_clock
from shopify_app.carts import history, results, settings
from shopify_app.carts.models import Cart, Reminder
from shopify_app.carts.results import Effect, Share
from shopify_app.db import db, rest
from shopify_app.mail.models import Message
from shopify_app.shopify.models import Shop
from tests.carts.conftest import Store
from tests.conftest import LUMEN, Sender
from tests.factories import checkout, written
from tests.home.conftest import Merchant
from tests.mirror.conftest import Rounds

PROOF = re.compile(r'name="proof" value="([^"]+)"')


@pytest.fixture
def owner(client: FlaskClient, lumen: Shop) -> Merchant:
    return Merchant(client, lumen.domain)


def is_on(shop: Shop) -> bool:
    rest()
    db.session.refresh(shop)
    return settings.of(shop).since is not None


def test_reminders_are_off_after_the_install(owner: Merchant, lumen: Shop) -> None:
    assert "Reminders are off" in owner.opens("/carts").text
    assert not is_on(lumen)


def test_they_cannot_be_switched_on_before_the_dry_run_was_seen(owner: Merchant, lumen: Shop) -> None:
    for form in ({"on": "yes"}, {"on": "yes", "proof": "guessed"}):
        assert owner.sends("/carts/switch", form).status_code == 409
    assert not is_on(lumen)
    proof = PROOF.search(owner.fetches("/carts/rehearsal").text)
    assert proof
    assert not is_on(lumen)
    assert owner.sends("/carts/switch", {"on": "yes", "proof": proof[1]}).json == {
        "toast": "Reminders are on.",
        "is_error": False,
    }
    assert is_on(lumen)
    owner.sends("/carts/switch")
    assert not is_on(lumen)


def test_the_proof_of_another_shop_opens_nothing(owner: Merchant, neighbour: Merchant, lumen: Shop) -> None:
    proof = PROOF.search(owner.fetches("/carts/rehearsal").text)
    assert proof
    assert neighbour.sends("/carts/switch", {"on": "yes", "proof": proof[1]}).status_code == 409


def test_the_dry_run_waits_while_shopify_is_busy_with_the_first_import(
    owner: Merchant, shopify: server.Running
) -> None:
    points = int(shopify.buckets.status(LUMEN)["currentlyAvailable"])
    assert shopify.buckets.take(LUMEN, points)
    assert PROOF.search(owner.fetches("/carts/rehearsal").text)


def test_the_dry_run_tells_of_each_cart_what_would_have_become_of_it_and_sends_nothing(
    owner: Merchant, store: Store, lumen: Shop, shopify: server.Running
) -> None:
    past = app_clock.now() - timedelta(days=20)
    lamp = [(store.lamp.variants[0].id, 1)]
    buyers = {
        name: deeds.add_customer(store.state, LUMEN, f"{name}@example.com") for name in ("ann", "bob", "cleo", "dan")
    }
    for name in ("ann", "bob", "dan"):
        deeds.edit_consent(store.state, buyers[name], "subscribed")
    begun = {
        name: deeds.begin_checkout(store.state, LUMEN, lamp, customer=buyer, at=past) for name, buyer in buyers.items()
    }
    deeds.complete(store.state, begun["bob"], at=past + timedelta(minutes=20))
    deeds.remind(store.state, begun["dan"], "sent")
    store.settle()
    page = owner.fetches("/carts/rehearsal").text
    rows = {
        name: row
        for name in buyers
        for row in re.findall(r"<s-table-row>.*?</s-table-row>", page, re.DOTALL)
        if f"{name}@" in row
    }
    assert "Would have been sent" in rows["ann"]
    assert "had ordered meanwhile" in rows["bob"]
    assert "has not agreed" in rows["cleo"]
    assert "own reminder had gone out" in rows["dan"]
    assert "In the last 60 days 1 message would have gone out" in page
    store.later(hours=2)
    assert shopify.mailbox.messages() == []


def test_installing_on_a_shop_with_thousands_of_old_checkouts_sends_nothing(
    shopify: server.Running, owner: Merchant, store: Store, sends: Sender, rounds: Rounds
) -> None:
    """Shopify tells of all of them at once, as it does when something touches them."""
    old = app_clock.now() - timedelta(days=30)
    for number in range(500):
        at = written(old + timedelta(minutes=number))
        body = checkout(f"old-{number}", id=9000 + number, email=f"old-{number}@example.com", customer=None)
        sends("checkouts/update", body | {"created_at": at, "updated_at": at, "buyer_accepts_marketing": True})
    store.settle()
    store.later(hours=1)
    store.later(days=3)
    rest()
    assert db.session.query(Cart).count() == 500
    assert db.session.query(Reminder).count() == 0
    assert db.session.query(Message).filter(Message.template == "carts/reminder").count() == 0
    assert shopify.mailbox.messages() == []


def test_settings_are_kept_and_a_wrong_one_is_said_at_its_field(owner: Merchant, lumen: Shop) -> None:
    chosen = {"first": "4", "steps": "3", "holdout": "20", "percent": "15", "cap": "200", "budget": "100", "days": "3"}
    assert owner.sends("/carts/settings", chosen).json == {"toast": "Saved", "is_error": False}
    rest()
    db.session.refresh(lumen)
    assert settings.of(lumen).delays == (timedelta(hours=4), timedelta(hours=24), timedelta(hours=72))
    for field, value in {"first": "2", "steps": "4", "holdout": "99", "percent": "-5", "cap": "x"}.items():
        answer = owner.sends("/carts/settings", chosen | {field: value})
        assert answer.status_code == 422
        assert answer.json is not None
        assert list(answer.json["errors"]) == [field]


def test_the_page_counts_states_and_shows_the_rows_behind_them(owner: Merchant, store: Store) -> None:
    store.left()
    store.left(email="ann@example.com")
    store.later(hours=1)
    store.later(minutes=1)
    deeds.place_order(store.state, LUMEN, [(store.lamp.variants[0].id, 1)], customer=store.mira)
    store.settle()
    page = owner.opens("/carts", state="recovered").text
    rows = re.findall(r"<s-table-row>.*?</s-table-row>", page, re.DOTALL)
    assert len(rows) == 1
    assert "mira.sommer@example.com" in rows[0]
    assert "€94.80" in page or "€89.90" in page
    assert "ann@example.com" in owner.opens("/carts", state="sent").text


def test_the_true_effect_is_the_difference_between_the_two_groups(
    owner: Merchant, store: Store, lumen: Shop, switch: Callable[..., None]
) -> None:
    switch(holdout=50, cap=1000)
    people = [f"person-{number}@example.com" for number in range(30)]
    for email in people:
        deeds.begin_checkout(
            store.state, LUMEN, [(store.lamp.variants[0].id, 1)], email=email, locale="en", accepts_marketing=True
        )
    store.settle()
    store.later(hours=1)
    store.later(minutes=1)
    treated = [email for email in people if store.mails(email)]
    for email in treated[:6]:
        deeds.place_order(store.state, LUMEN, [(store.lamp.variants[0].id, 1)], email=email)
    store.settle()
    assert not results.effect(lumen).is_known
    store.later(days=7, hours=1)
    rest()
    found = results.effect(lumen)
    assert found == Effect(Share(6, len(treated)), Share(0, len(people) - len(treated)))
    page = owner.opens("/carts").text
    assert "<svg" in page
    assert "percentage points" in page


def test_nobody_of_another_shop_sees_anything_of_it(store: Store, neighbour: Merchant) -> None:
    store.left()
    store.later(hours=1)
    assert "mira.sommer" not in neighbour.opens("/carts").text


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)]
)
def test_the_interval_of_a_share_is_wilsons(hits: int, of: int, low: float, high: float) -> None:
    """Worked examples of R. G. Newcombe, Statistics in Medicine 17, 1998, 857 to 872, table I, method 3."""
    assert Share(hits, of).bounds == pytest.approx((low, high), abs=0.00005)


def test_the_interval_of_a_difference_is_newcombes() -> None:
    """The worked example of the paper: 56 of 70 against 48 of 80."""
    effect = Effect(Share(56, 70), Share(48, 80))
    assert effect.bounds == pytest.approx((0.0524, 0.3339), abs=0.00005)
    assert effect.is_certain


def test_history_is_read_to_an_end_that_somebody_can_wait_for(store: Store, lumen: Shop) -> None:
    past = app_clock.now() - timedelta(days=2)
    for number in range(120):
        deeds.begin_checkout(
            store.state, LUMEN, [(store.lamp.variants[0].id, 1)], email=f"p-{number}@example.com", at=past
        )
    found = history.rehearse(lumen, settings.of(lumen))
    assert (len(found.pasts), found.is_whole) == (120, True)


def test_history_that_shopify_does_not_tell_to_its_end_in_time_says_so(store: Store, owner: Merchant) -> None:
    for number in range(120):
        at = app_clock.now() - timedelta(days=2, seconds=number)
        left = [(store.lamp.variants[0].id, 1)]
        deeds.begin_checkout(store.state, LUMEN, left, email=f"p-{number}@example.com", at=at)
    buckets = store.shopify.buckets
    buckets.take(LUMEN, int(buckets.status(LUMEN)["currentlyAvailable"]) - 350)
    buckets.plan(LUMEN, restore_rate=1)
    assert "these are the newest 100." in owner.fetches("/carts/rehearsal").text
