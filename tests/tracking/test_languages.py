"""Every page and every message for a buyer, in every language, and in that one alone."""

import html
import re

import pytest

from devstore.smtp import Mailbox
from shopify_app import clock
from shopify_app.db import transaction
from shopify_app.language import LANGUAGES, speak
from shopify_app.orders import links
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, Tell
from tests.conftest import Clock, Jobs
from tests.orders import BUYER, line, order, parcel, scan
from tests.test_translations import catalogue

FOREIGN = LANGUAGES[1:]


def english_in(page: str, language: str) -> list[str]:
    """Texts of ours that stand in a page in English, though they are another text in its language."""
    seen = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "|", page)))
    found = []
    for message in catalogue(language):
        english, foreign = (one[0] if isinstance(one, tuple) else one for one in (message.id, message.string))
        parts = [part.strip() for part in re.split(r"\{\w+\}", str(english)) if len(part.strip()) > 3]
        if parts and english != foreign and all(re.search(rf"(?<!\w){re.escape(part)}(?!\w)", seen) for part in parts):
            found.append(str(english))
    return [text for text in found if speak(language).t(text) not in seen]


def everything(language: str) -> list[object]:
    """News of an order that uses most of what the page can say."""
    lines = [line(1, "Äpfel", 2, "95.00", current_quantity=1), line(2, "Öl", 1, "20.00"), line(3, "Ähre", 1, "1.00")]
    words = ("label_printed", "carrier_picked_up", "in_transit", "out_for_delivery", "attempted_delivery", "odd")
    scans = [scan(n, 31, word, f"2026-06-03T0{n}:00:00+02:00", city="Lyon") for n, word in enumerate(words)]
    money = [{"kind": "refund", "status": "success", "amount": "95.00", "currency": "EUR"}]
    back = {"id": 5, "order_id": 4711, "created_at": "2026-06-05T10:00:00+02:00", "transactions": money}
    now = clock.now().isoformat()
    told = {"created_at": now, "processed_at": now, "customer_locale": language, "line_items": lines}
    placed = order(**told, current_total_discounts="5.00", shipping_lines=[])
    soon = "2099-06-10T10:00:00+02:00"
    sent = parcel(32, {2: 1}, tracking_company=None, tracking_number=None, estimated_delivery_at=soon)
    news: list[object] = [
        "orders/create",
        placed,
        "fulfillments/create",
        parcel(31, {1: 1}),
        "fulfillments/create",
        sent,
    ]
    for one in scans:
        news += ["fulfillment_events/create", one]
    return [*news, "refunds/create", back]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_order_s_page_speaks_the_order_s_language(
    storefront: Storefront, tell: Tell, shop: Shop, language: str
) -> None:
    tell(*everything(language))
    page = storefront.get(links.path(shop, 4711), headers={"Accept-Language": "it"}).text
    assert f'lang="{language}"' in page
    assert speak(language).t("News from the carrier") in html.unescape(page)
    if language in FOREIGN:
        assert english_in(page, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_other_page_speaks_the_visitor_s_language(
    storefront: Storefront, tell: Tell, shop: Shop, clock: Clock, language: str
) -> None:
    tell("orders/create", order(customer_locale=language))
    asked = {"headers": {"Accept-Language": f"it, {language}-CH;q=0.8, ja;q=0.5"}}
    link = links.path(shop, 4711)
    pages = [
        storefront.get("/", **asked),
        storefront.get("/nothing/here", **asked),
        storefront.get("/", query={"locale": language}, headers={"Accept-Language": "it"}),
        storefront.post("/lookup", **asked),
        storefront.look_up("9" * 99, "nobody", **asked),
        storefront.look_up("1001", "nobody", **asked),
        storefront.look_up("1001", "somebody.else@example.com", **asked),
        storefront.look_up("1001", BUYER["email"], headers={"Accept-Language": "it"}),
        storefront.post("/lookup", {"number": "1" * 3_000_000}, **asked),
        storefront.post(f"{link}/links", **asked),
    ]
    clock.forward(days=400)
    pages.append(storefront.get(link, **asked))
    pages += [storefront.look_up("1001", f"{tries}@example.com", **asked) for tries in range(6)]
    assert {page.status_code for page in pages} == {200, 400, 404, 410, 413, 429}
    for page in pages:
        assert f'lang="{language}"' in page.text
        if language in FOREIGN:
            assert english_in(page.text, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_speaks_the_order_s_language(
    storefront: Storefront, tell: Tell, shop: Shop, jobs: Jobs, mailbox: Mailbox, language: str
) -> None:
    with transaction():
        shop.locale, shop.email = "it", "help@lumen-goods.example"
    tell(*everything(language))
    storefront.look_up("1001", "somebody.else@example.com")
    jobs.run()
    mails = mailbox.messages()
    assert len(mails) == 2
    for mail in mails:
        assert f'<html lang="{language}"' in (mail.html or "")
        for part in (mail.subject, mail.text or "", mail.html or ""):
            if language in FOREIGN:
                assert english_in(re.sub(r"<style>.*?</style>", "", part, flags=re.S), language) == []


def test_a_visitor_whose_languages_we_do_not_speak_hears_the_shop_s(storefront: Storefront, shop: Shop) -> None:
    with transaction():
        shop.locale = "de"
    assert 'lang="de"' in storefront.get("/", headers={"Accept-Language": "it, ja"}).text
    assert 'lang="de"' in storefront.get("/", query={"locale": "../../etc"}).text


def test_what_the_address_asks_for_comes_before_what_the_browser_asks_for(storefront: Storefront) -> None:
    page = storefront.get("/", query={"locale": "es-MX"}, headers={"Accept-Language": "fr"}).text
    assert "¿Dónde está mi pedido?" in page
    assert "lookup?locale=es_MX" in page
