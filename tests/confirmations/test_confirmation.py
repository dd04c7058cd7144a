"""The buyer hears from us that the order is there, once, in the order's language, with all that matters."""

import html
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from sqlalchemy import select

from devstore.smtp import Mailbox, Message
from shopify_app import clock, confirmations
from shopify_app.db import db, transaction
from shopify_app.language import LANGUAGES
from shopify_app.mail.models import Message as Row
from shopify_app.shopify.models import Shop
from tests.buyers import PATH, Storefront, Tell
from tests.orders import BUYER, order, parcel

ZONE = ZoneInfo("Europe/Berlin")
"""Of the shop."""
LINK = re.compile(r"https?://\S+?" + re.escape(PATH) + r"/orders/[\w.-]+")


def now(**fields: object) -> dict[str, object]:
    """The order, placed just now."""
    moment = clock.now().isoformat()
    return order(created_at=moment, processed_at=moment, updated_at=moment, **fields)


def seen(mail: Message) -> tuple[str, str]:
    """Both parts as a person reads them."""
    shown = re.sub(r"<style>.*?</style>|<[^>]*>", " ", mail.html or "", flags=re.S)
    return _even(mail.text or ""), _even(html.unescape(shown))


def _even(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(
    ("language", "subject", "paid", "country"),
    [
        ("en", "Order #1001 is confirmed", "€214.90", "France"),
        ("fr", "La commande #1001 est confirmée", "214,90 €", "France"),
        ("de", "Bestellung #1001 ist bestätigt", "214,90 €", "Frankreich"),
        ("es", "El pedido #1001 está confirmado", "214,90 €", "Francia"),
    ],
)
def test_both_parts_tell_the_six_facts_in_the_order_s_language(
    tell: Tell, shop: Shop, mailbox: Mailbox, language: str, subject: str, paid: str, country: str
) -> None:
    promised = clock.now() + timedelta(days=4)
    packed = {"estimated_delivery_at": promised.isoformat()}
    tell("orders/create", now(customer_locale=language, fulfillments=[parcel(31, {1: 2, 2: 1}, **packed)]))
    [mail] = mailbox.messages()
    assert mail.rcpt_tos == [BUYER["email"]]
    assert mail.subject == subject
    for part in seen(mail):
        assert "2 × Desk lamp" in part or ("Desk lamp" in part and "Brass" in part)
        assert "Cord set" in part
        assert paid in part
        assert day(clock.now(), language) in part
        assert "CB00000031FR (Colissimo)" in part
        assert day(promised, language) in part
        assert re.search(f"Nora Lindqvist,? 12 Rue de l'Exemple,? 69007 Lyon,? {country}", part)


def day(moment: datetime, language: str) -> str:
    return format_date(moment.astimezone(ZONE).date(), "full", locale=language)


def test_the_one_button_leads_to_the_order_s_page(
    storefront: Storefront, tell: Tell, shop: Shop, mailbox: Mailbox
) -> None:
    tell("orders/create", now())
    [mail] = mailbox.messages()
    found = [*LINK.findall(mail.text or ""), *LINK.findall(mail.html or "")]
    links = {link.removesuffix("#aftercare-questions") for link in found}
    assert len(links) == 1
    assert storefront.get(links.pop().removeprefix(f"https://{shop.domain}")).status_code == 200
    addresses = re.findall(r'(?:href|src)="(.*?)"', mail.html or "")
    assert len(addresses) == 2, "the button, and the answers on the same page"


def test_what_is_not_known_yet_is_said_to_come(tell: Tell, shop: Shop, mailbox: Mailbox) -> None:
    tell("orders/create", now())
    for part in seen(mailbox.messages()[0]):
        assert re.search("Tracking number:? As soon as your parcel is sent", part)
        assert re.search("Expected delivery:? As soon as the carrier tells us", part)


def test_an_unpaid_order_tells_what_is_to_be_paid(tell: Tell, shop: Shop, mailbox: Mailbox) -> None:
    tell("orders/create", now(financial_status="pending"))
    for part in seen(mailbox.messages()[0]):
        assert re.search("Amount to pay:? €214.90", part)
        assert "Amount paid" not in part


def test_what_is_only_downloaded_has_no_delivery(tell: Tell, shop: Shop, mailbox: Mailbox) -> None:
    lines = [line | {"requires_shipping": False} for line in order()["line_items"]]
    tell("orders/create", now(line_items=lines, shipping_address=None))
    for part in seen(mailbox.messages()[0]):
        assert "Amount paid" in part
        assert "Delivery" not in part


def test_pictures_have_a_text_and_nothing_else_is_fetched(tell: Tell, shop: Shop, mailbox: Mailbox) -> None:
    product = {"id": 901, "title": "Desk lamp", "updated_at": "2026-05-01T10:00:00Z"}
    tell("products/create", product | {"image": {"src": "https://cdn.example.com/lamp.png"}}, "orders/create", now())
    [mail] = mailbox.messages()
    pictures = re.findall(r"<img [^>]*>", mail.html or "")
    assert len(pictures) == 1
    assert 'alt="Desk lamp"' in pictures[0]
    assert 'src="https://cdn.example.com/lamp.png?width=128"' in pictures[0]


def test_a_title_is_text_and_never_markup(tell: Tell, shop: Shop, mailbox: Mailbox) -> None:
    lines = [order()["line_items"][0] | {"title": "<img src=x onerror=alert(1)> {{ shop }}"}]
    tell("orders/create", now(line_items=lines))
    [mail] = mailbox.messages()
    assert "<img" not in (mail.html or "")
    assert "<img src=x onerror=alert(1)> {{ shop }}" in seen(mail)[1]


def test_styles_are_where_every_mail_program_looks_for_them(tell: Tell, shop: Shop, mailbox: Mailbox) -> None:
    tell("orders/create", now())
    page = mailbox.messages()[0].html or ""
    assert re.search(r'<td class="body" style="[^"]*padding', page)
    assert "prefers-color-scheme: dark" in page
    assert '<html lang="en"' in page
    assert "<script" not in page


def test_however_often_the_news_comes_there_is_one_confirmation(tell: Tell, shop: Shop, mailbox: Mailbox) -> None:
    tell("orders/create", now(), "orders/create", now(), "orders/updated", now(), "orders/paid", now())
    tell("orders/create", now())
    assert len(mailbox.messages()) == 1


@pytest.mark.parametrize(
    ("settings", "fields", "reason"),
    [
        ({}, {}, "switched_off"),
        ({"confirmations": False}, {}, "switched_off"),
        ({"confirmations": True}, {"test": True}, "test_order"),
        ({"confirmations": True}, {"email": None, "customer": None}, "no_address"),
        ({"confirmations": True}, {"cancelled_at": "2026-06-01T11:00:00+02:00"}, "cancelled"),
        ({"confirmations": True}, {"processed_at": "2020-01-01T10:00:00Z"}, "brought_in"),
    ],
)
def test_the_merchant_can_see_why_nothing_was_sent(
    tell: Tell, shop: Shop, mailbox: Mailbox, settings: dict[str, bool], fields: dict[str, object], reason: str
) -> None:
    with transaction():
        shop.settings = settings
    tell("orders/create", now() | fields)
    assert mailbox.messages() == []
    row = db.session.scalars(select(Row)).one()
    assert (row.template, row.result, row.reason) == ("confirmations/order", "skipped", reason)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_merchant_sees_the_message_beforehand_with_an_order_that_is_made_up(shop: Shop, language: str) -> None:
    with transaction():
        shop.locale, shop.currency, shop.email = language, "JPY", None
    mail = confirmations.preview(shop)
    assert f'<html lang="{language}"' in mail.html
    assert f"https://{shop.domain}{PATH}" in mail.text
    assert "#1001" in mail.subject
    assert "Alex Sample" in mail.text
    assert db.session.scalars(select(Row)).all() == []
