"""A buyer chooses which messages come."""

import re

from devstore.smtp import Mailbox
from shopify_app.orders import links
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, Tell
from tests.conftest import Jobs
from tests.orders import BUYER
from tests.tracking.test_parcel_messages import bought, sent, switched_on

__all__ = ("switched_on",)

CHECKED = re.compile(r'name="topics" value="parcels" checked')


def test_whoever_refused_news_of_parcels_gets_none_and_the_merchant_reads_why(
    storefront: Storefront, tell: Tell, shop: Shop, mailbox: Mailbox
) -> None:
    tell("orders/create", bought())
    address = f"{links.path(shop, 4711)}/messages"
    assert CHECKED.search(storefront.get(address).text)
    kept = storefront.post(address, {})
    assert "Your choice is kept." in kept.text
    assert not CHECKED.search(storefront.get(address).text)
    tell("fulfillments/create", sent())
    assert mailbox.messages() == []


def test_a_buyer_who_changes_their_mind_hears_of_the_next_parcel(
    storefront: Storefront, tell: Tell, shop: Shop, mailbox: Mailbox
) -> None:
    tell("orders/create", bought())
    address = f"{links.path(shop, 4711)}/messages"
    storefront.post(address, {})
    storefront.post(address, {"topics": "parcels"})
    tell("fulfillments/create", sent())
    assert len(mailbox.messages(to=BUYER["email"])) == 1


def test_a_refusal_holds_for_other_orders_of_the_same_person_and_for_nobody_else(
    storefront: Storefront, tell: Tell, shop: Shop, mailbox: Mailbox
) -> None:
    tell("orders/create", bought())
    storefront.post(f"{links.path(shop, 4711)}/messages", {})
    tell("orders/create", bought(id=4712, name="#1002", email=BUYER["email"].upper()))
    tell("orders/create", bought(id=4713, name="#1003", email="ann@example.com", customer=None))
    tell("fulfillments/create", sent(32, order_id=4712), "fulfillments/create", sent(33, order_id=4713))
    assert [mail.to for mail in mailbox.messages()] == ["ann@example.com"]


def test_a_look_at_the_page_refuses_nothing(storefront: Storefront, tell: Tell, shop: Shop, jobs: Jobs) -> None:
    tell("orders/create", bought())
    address = f"{links.path(shop, 4711)}/messages"
    for _ in range(2):
        assert CHECKED.search(storefront.get(address).text)


def test_every_mail_about_a_parcel_leads_to_the_choice(
    storefront: Storefront, tell: Tell, shop: Shop, mailbox: Mailbox
) -> None:
    tell("orders/create", bought(), "fulfillments/create", sent())
    mail = mailbox.messages(to=BUYER["email"])[0]
    for part in (mail.text, mail.html or ""):
        assert re.search(r"/orders/[\w.-]+/messages", part)


def test_a_refusal_outlives_the_erasure_of_the_person(
    storefront: Storefront, tell: Tell, shop: Shop, mailbox: Mailbox
) -> None:
    tell("orders/create", bought())
    storefront.post(f"{links.path(shop, 4711)}/messages", {})
    tell(
        "customers/redact",
        {"shop_domain": shop.domain, "customer": {"id": 77, "email": BUYER["email"]}, "orders_to_redact": [4711]},
    )
    tell("orders/create", bought(id=4799, name="#1099", customer={"id": 78} | BUYER))
    assert not CHECKED.search(storefront.get(f"{links.path(shop, 4799)}/messages").text)
