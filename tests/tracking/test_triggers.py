"""Whoever sets a message off (Shopify's news, the clock, staff), it is in the language and voice of its buyer."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from devstore.smtp import Mailbox
from shopify_app import clock as app_clock
from shopify_app import tracking
from shopify_app.db import transaction
from shopify_app.language import INFORMAL, TWO_WAYS, speak
from shopify_app.mail import wording
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, Tell
from tests.conftest import Clock, Jobs
from tests.mail.matrix import VOICES, even, shown
from tests.orders import order, parcel, scan

Set = Callable[[Tell, Clock, Jobs, Shop], None]


def at(hours: float = 0) -> str:
    return (app_clock.now() + timedelta(hours=hours)).isoformat()


def by_news(tell: Tell, clock: Clock, jobs: Jobs, shop: Shop) -> None:
    """That it was handed to the carrier, which came with the parcel."""


def by_the_clock(tell: Tell, clock: Clock, jobs: Jobs, shop: Shop) -> None:
    """It has not been scanned for three working days."""
    clock.forward(days=3, hours=1)
    jobs.run()


def by_staff(tell: Tell, clock: Clock, jobs: Jobs, shop: Shop) -> None:
    """A problem that is told by a click."""
    tell("fulfillment_events/create", scan(2, 31, "attempted_delivery", at(0.01)))
    assert tracking.tell_now(shop, 4711)
    jobs.run()


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize(
    ("trigger", "kind"),
    [(by_news, "shipped"), (by_the_clock, "delayed"), (by_staff, "problem")],
    ids=["news", "clock", "staff"],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_message_is_in_the_buyer_s_words_whatever_set_it_off(
    tell: Tell,
    shop: Shop,
    clock: Clock,
    jobs: Jobs,
    mailbox: Mailbox,
    storefront: Storefront,
    voice: str,
    trigger: Set,
    kind: str,
) -> None:
    code = voice.partition("@")[0]
    clock.forward(days=(1 - app_clock.now().weekday()) % 7)
    with transaction():
        since = (app_clock.now() - timedelta(days=1)).isoformat()
        shop.settings = {
            tracking.SWITCH: {} if kind == "problem" else {kind: since},
            "informal": list(TWO_WAYS) if voice.endswith(INFORMAL) else [],
        }
        shop.country = "FR"
    bought = order(created_at=at(-1), processed_at=at(-1), updated_at=at(-1), customer_locale=code)
    tell("orders/create", bought, "fulfillments/create", parcel(31, {1: 2}, created_at=at(-1), updated_at=at(-1)))
    tell("fulfillment_events/create", scan(1, 31, "in_transit", at()))
    trigger(tell, clock, jobs, shop)
    (mail,) = mailbox.messages()
    ours = wording.known()[f"tracking/{kind}"].ours(speak(voice))
    assert mail.subject == ours.subject.replace("{{ order }}", "#1001")
    assert f'<html lang="{code}"' in (mail.html or "")
    for part in (even(mail.text or ""), shown(mail.html or "")):
        assert "CB00000031FR" in part
        assert "Desk lamp" in part
        assert even(ours.button) in part
        assert even(ours.footer) in part
    link = re.search(r"https://\S+(/apps/aftercare/orders/[\w.-]+)", mail.text or "")
    assert link
    assert storefront.get(link[1]).status_code == 200
