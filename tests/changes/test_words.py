"""Every message about a request, in every language, in both forms."""

import html
import re

import pytest
from flask.testing import FlaskClient

from devstore import deeds, server
from devstore.records import Order
from devstore.smtp import Message
from shopify_app import changes
from shopify_app.db import transaction
from shopify_app.language import LANGUAGES
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront
from tests.changes.conftest import EMAIL, OWNER, TYPED, Buy, Buyer, Settle
from tests.home.conftest import Merchant

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What a person reads does not depend on the database."""

FOREIGN = pytest.mark.parametrize("language", LANGUAGES)
ENGLISH = re.compile(r"\b(the|you|your|order|request|address)\b", re.IGNORECASE)


def parts(mail: Message) -> list[str]:
    """Both as a person reads them."""
    shown = re.sub(r"<style>.*?</style>|<[^>]*>", " ", mail.html or "", flags=re.S)
    return [re.sub(r"\s+", " ", html.unescape(part)) for part in (mail.text or "", shown)]


def is_in(language: str, mail: Message) -> None:
    """Whole: no blank left open, no English in another language."""
    assert f'<html lang="{language}"' in (mail.html or "")
    for part in (mail.subject, *parts(mail)):
        told = part.replace("apps/aftercare/orders", "").replace("owner@example.com", "")
        told = re.sub(r"https?://\S+", "", told)
        assert "{" not in told
        assert language == "en" or not ENGLISH.search(told), told


WAYS = [
    ("cancellation", "confirmation"),
    ("cancellation", "sent"),
    ("address", "confirmation"),
    ("address", "refusal"),
    ("address", "cancelled"),
]
"""What is asked for, and how it ends."""


@FOREIGN
def test_every_message_speaks_the_order_s_language_and_the_shop_s(
    client: FlaskClient, shopify: server.Running, shop: Shop, buy: Buy, staff: Merchant, settle: Settle, language: str
) -> None:
    with transaction():
        shop.locale = language
    orders = [buy(customer_locale=language) for _ in WAYS]
    for (path, _), order in zip(WAYS, orders, strict=True):
        Buyer(Storefront(client, shop.domain), shop, order).sends(path, TYPED if path == "address" else {})
    settle()
    for (_, end), order in zip(WAYS, orders, strict=True):
        finish(shopify, shop, staff, order, end)
    settle()
    to_buyer, to_staff = shopify.mailbox.messages(to=EMAIL), shopify.mailbox.messages(to=OWNER)
    assert (len(to_buyer), len(to_staff)) == (2 * len(WAYS), len(WAYS))
    for mail in (*to_buyer, *to_staff):
        is_in(language, mail)
    receipts = [mail for mail in to_buyer if any("Ahornweg 9" in part for part in parts(mail))]
    assert len(receipts) == 4, "what was asked for stands in three receipts and one outcome"


def finish(shopify: server.Running, shop: Shop, staff: Merchant, order: Order, end: str) -> None:
    [asked] = changes.about_order(shop, order.id)
    if end == "sent":
        deeds.fulfil(shopify.state, order)
    elif end == "cancelled":
        deeds.cancel(shopify.state, order)
    else:
        assert staff.sends(f"/changes/{asked.id}/{end}").status_code == 200


@FOREIGN
def test_every_page_speaks_the_order_s_language(client: FlaskClient, shop: Shop, buy: Buy, language: str) -> None:
    buyer = Buyer(Storefront(client, shop.domain), shop, buy(customer_locale=language))
    pages = [buyer.visits("cancellation"), buyer.visits("address"), buyer.sends("address", TYPED | {"zip": "1"})]
    pages += [buyer.sends("cancellation"), buyer.visits("cancellation"), buyer.sends("cancellation/withdrawal")]
    buyer.proof = ""
    pages.append(buyer.visits("address"))
    for page in pages:
        assert f'lang="{language}"' in page.text
        told = re.sub(r"<[^>]+>", " ", page.text)
        assert language == "en" or not ENGLISH.search(told), told
