"""Before order confirmations or news of parcels are switched on, the merchant sees what they would have sent."""

from collections.abc import Callable

from devstore import deeds, server
from devstore.records import Order
from shopify_app.db import db, rest
from shopify_app.mail.models import Message
from shopify_app.shopify.models import Shop
from shopify_app.tracking import KINDS
from tests.conftest import Clock
from tests.home.conftest import Merchant
from tests.home.test_order import text
from tests.home.test_settings import rehearsed
from tests.mirror.conftest import Rounds
from tests.mirror.conftest import buy as buy
from tests.mirror.conftest import lamp as lamp
from tests.mirror.conftest import lumen as lumen
from tests.mirror.conftest import mira as mira
from tests.mirror.conftest import rounds as rounds

Buy = Callable[..., Order]


def test_each_message_of_the_last_weeks_is_counted_once_and_listed_and_none_is_sent(
    client: object, lumen: Shop, shopify: server.Running, buy: Buy, rounds: Rounds, clock: Clock
) -> None:
    owner = Merchant(client, lumen.domain)  # type: ignore[arg-type]
    owner.sends("/settings/switches", {})
    parcel = deeds.fulfil(shopify.state, buy(), company="DHL", number="00340434161094042557")
    for status in ("in_transit", "out_for_delivery", "attempted_delivery", "out_for_delivery", "delivered"):
        clock.forward(hours=3)
        deeds.scan(shopify.state, parcel, status)
    deeds.cancel(shopify.state, buy())
    buy(test=True)
    rounds.told()
    before = db.session.query(Message).filter(Message.result == "sent").count()
    seen = text(owner.fetches("/settings/rehearsal").text)
    for told in ("1 × Parcel sent", "1 × Parcel out for delivery", "1 × Problem with a parcel", "1 × Parcel arrived"):
        assert told in seen
    assert "0 × Parcel late" in seen
    assert "2 × Order confirmation" in seen
    assert "1 × It was a test order." in seen
    rest()
    assert db.session.query(Message).filter(Message.result == "sent").count() == before
    clock.forward(days=61)
    assert "In the last 60 days 0 messages would have gone out" in text(owner.fetches("/settings/rehearsal").text)


def test_nothing_is_switched_on_unseen(merchant: Merchant, neighbour: Merchant, shop: Shop) -> None:
    unseen = {"confirmations": "on", "parcels": KINDS[0]}
    for seen in ({}, {"seen": "made.up"}, rehearsed(neighbour)):
        answer = merchant.sends("/settings/switches", unseen | seen)
        assert answer.status_code == 409
        assert "Please look at the dry run first." in answer.text
    rest()
    assert "parcel_messages" not in shop.settings
    assert merchant.sends("/settings/switches", unseen | rehearsed(merchant)).status_code == 200
    assert merchant.sends("/settings/switches", unseen).status_code == 200
    assert merchant.sends("/settings/switches", {}).status_code == 200
    assert merchant.sends("/settings/switches", {"confirmations": "on"}).status_code == 409


def test_the_proof_is_good_for_a_day(merchant: Merchant, clock: Clock) -> None:
    merchant.sends("/settings/switches", {})
    proof = rehearsed(merchant)
    clock.forward(hours=25)
    assert merchant.sends("/settings/switches", {"confirmations": "on"} | proof).status_code == 409
