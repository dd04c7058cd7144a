"""The page of one order."""

import re

from jobs import mail
from shopify_app import clock, work
from shopify_app.db import db, transaction
from shopify_app.mail.models import Message
from shopify_app.orders import links
from shopify_app.shopify.models import Shop
from tests import orders
from tests.buyers import Tell
from tests.conftest import Clock
from tests.home.conftest import Merchant


def text(page: str) -> str:
    """What is read, headings too, without the markup."""
    page = re.sub(r'<[^>]* heading="([^"]*)"', r"\1 <x", page[max(page.find("<s-page"), 0) :])
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace(" ,", ",").split())


def placed_now() -> dict[str, str]:
    now = clock.now().isoformat()
    return {"created_at": now, "processed_at": now, "updated_at": now}


def test_the_page_shows_items_sums_buyer_and_address(merchant: Merchant, tell: Tell) -> None:
    product = {"id": 901, "title": "Desk lamp", "updated_at": "2026-05-01T00:00:00Z"}
    picture = "https://cdn.example.com/lamp.png?v=1"
    tell("products/update", product | {"image": {"src": picture}}, "orders/create", orders.order())
    page = merchant.opens("/orders/4711").text
    words = text(page)
    for part in ("Desk lamp", "Brass", "2 × €95.00", "Cord set", "Subtotal €210.00", "Delivery (Standard) €4.90"):
        assert part in words
    for part in ("Total €214.90", "Nora Lindqvist", orders.BUYER["email"], "12 Rue de l", "69007 Lyon", "France"):
        assert part in words
    assert f'src="{picture}&amp;width=80"' in page.replace("&width", "&amp;width")
    assert "Language: English" in words


def test_the_page_tells_where_each_parcel_is(merchant: Merchant, tell: Tell) -> None:
    tell("orders/create", orders.order(), "fulfillments/create", orders.parcel(5, {1: 2}))
    tell("fulfillment_events/create", orders.scan(1, 5, "in_transit", "2026-06-03T10:00:00Z", message="Sorted"))
    tell("fulfillment_events/create", orders.scan(2, 5, "out_for_delivery", "2026-06-04T06:00:00Z"))
    page = merchant.opens("/orders/4711").text
    words = text(page)
    for part in (
        "Parcel #1001.5",
        "Colissimo",
        "CB00000005FR",
        "On its way, Lyon, France",
        "Sorted",
        "Jun 4, 2026, 8:00",
    ):
        assert part in words
    assert 'href="https://carrier.example.com/track?code=CB00000005FR"' in page


def test_an_address_that_is_none_becomes_no_link(merchant: Merchant, tell: Tell) -> None:
    parcel = orders.parcel(5, {1: 2}, tracking_url="javascript:alert(1)")
    tell("orders/create", orders.order(), "fulfillments/create", parcel)
    page = merchant.opens("/orders/4711").text
    assert "javascript:" not in page
    assert "CB00000005FR" in page


def test_the_timeline_tells_what_shopify_said_and_what_we_wrote(
    merchant: Merchant, tell: Tell, post_office: object
) -> None:
    tell("orders/create", orders.order(**placed_now()))
    words = text(merchant.opens("/orders/4711").text)
    assert re.search(r"Order placed Sent by Shopify: .* · Received: .* · Worked through: .* Done", words)
    assert re.search(r"Order confirmation, plain Handed to the mail server: .* Sent", words)


def test_the_timeline_says_why_nothing_was_sent(merchant: Merchant, tell: Tell, shop: Shop) -> None:
    fresh = placed_now()
    tell("orders/create", orders.order(1, test=True, **fresh))
    assert "It was a test order." in text(merchant.opens("/orders/1").text)
    nobody = {"email": None, "customer": None, "contact_email": None}
    tell("orders/create", orders.order(2, **fresh, **nobody))
    assert "The order has no e-mail address." in text(merchant.opens("/orders/2").text)
    with transaction():
        shop.settings = {"confirmations": False}
    tell("orders/create", orders.order(3, **fresh))
    assert "Our own messages were switched off." in text(merchant.opens("/orders/3").text)


def test_refunds_and_returns_stand_on_the_page(merchant: Merchant, tell: Tell) -> None:
    paid_back = {"kind": "refund", "status": "success", "amount": "95.00", "currency": "EUR"}
    refund = {"id": 8, "order_id": 4711, "created_at": "2026-06-09T10:00:00Z", "transactions": [paid_back]}
    returned = {"id": 9, "name": "#1001-R1", "status": "OPEN", "order": {"id": 4711}, "total_return_line_items": 1}
    tell("orders/create", orders.order(), "refunds/create", refund, "returns/approve", returned)
    words = text(merchant.opens("/orders/4711").text)
    assert "Refund of €95.00" in words
    assert re.search(r"Refunds Jun 9, 2026, 12:00\sPM €95.00", words)
    assert "#1001-R1 · 1 piece Open" in words


def test_the_buyers_page_opens_in_another_tab_with_a_link_of_its_own(
    merchant: Merchant, tell: Tell, shop: Shop
) -> None:
    tell("orders/create", orders.order())
    page = merchant.opens("/orders/4711").text
    button = next(part for part in page.split("<s-button") if "Open the buyer" in part)
    address = re.search(r'href="([^"]+)"', button)
    assert address and address[1].startswith(f"{shop.storefront_url}/apps/aftercare/orders/")
    assert links.order_id(shop, address[1].rpartition("/")[2]) == 4711
    assert 'target="_blank"' in button


def test_an_order_that_was_deleted_is_not_shown(merchant: Merchant, tell: Tell) -> None:
    tell("orders/create", orders.order(), "orders/delete", {"id": 4711})
    assert merchant.opens("/orders/4711").status_code == 404


def test_a_message_in_doubt_asks_before_it_goes_out_again(merchant: Merchant, tell: Tell) -> None:
    tell("orders/create", orders.order())
    with transaction():
        doubt = {"result": "unknown", "reason": None, "done_at": clock.now()}
        db.session.execute(db.update(Message).values(**doubt))
    page = merchant.opens("/orders/4711").text
    number = db.session.scalars(db.select(Message.id)).one()
    assert f'commandfor="again-{number}" command="--show"' in page
    assert f'<s-modal id="again-{number}"' in page
    assert "would then get it twice" in page


def test_a_message_that_waits_says_when_it_is_tried_next(merchant: Merchant, tell: Tell, clock: Clock) -> None:
    """The mail server of this test does not answer."""
    tell("orders/create", orders.order(**placed_now()))
    words = text(merchant.opens("/orders/4711").text)
    assert "The mail server did not take it (ConnectionRefusedError). Next try:" in words
    assert "Will be tried again" in words
    for _ in work.BACKOFF:
        clock.forward(days=1)
        mail.drain()
    assert re.search(r"Given up after \d tries \(ConnectionRefusedError\)", text(merchant.opens("/orders/4711").text))


def test_the_merchant_reads_the_sentence_that_the_buyer_reads(merchant: Merchant, tell: Tell) -> None:
    tell("orders/create", orders.order(), "fulfillments/create", orders.parcel(31, {1: 2}))
    assert "Your parcel has been sent. Cord set is still with us." in text(merchant.opens("/orders/4711").text)
