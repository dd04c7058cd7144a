"""The page of one order, behind its signed link."""

import random
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select

from devstore.smtp import Mailbox
from shopify_app import clock as app_clock
from shopify_app.db import db, transaction
from shopify_app.mail.models import Message
from shopify_app.orders import links
from shopify_app.orders.models import Line, Order, ParcelEvent, Shipment
from shopify_app.shopify.models import Shop
from tests.buyers import PATH, Configure, Storefront, Tell
from tests.conftest import Clock, Jobs
from tests.orders import ADDRESS, BUYER, line, order, parcel, scan

SCANS = [
    scan(1, 31, "label_printed", "2026-06-02T09:00:00+02:00", city=None, country=None),
    scan(2, 31, "in_transit", "2026-06-02T21:30:00+02:00", city="Leipzig", country="Germany"),
    scan(3, 31, "in_transit", "2026-06-03T04:10:00+01:00", city="London", country="United Kingdom"),
    scan(4, 31, "out_for_delivery", "2026-06-03T08:00:00+02:00"),
    scan(5, 31, "delivered", "2026-06-03T11:45:00+02:00"),
]
INJECTION = "{{ shop.secret }}{% raw %}{%- comment -%}"


def link(shop: Shop, order_id: int = 4711) -> str:
    return links.path(shop, order_id)


def tell_all(tell: Tell, scans: list[dict[str, object]]) -> None:
    first = ("orders/create", order(), "fulfillments/create", parcel(31, {1: 2}))
    tell(*first, *(news for one in scans for news in ("fulfillment_events/create", one)))


def test_the_page_shows_items_parcels_every_scan_and_the_sums(storefront: Storefront, tell: Tell, shop: Shop) -> None:
    pictures = {"images": [{"src": "https://cdn.example.com/lamp.png?v=1", "variant_ids": [951]}]}
    tell("products/update", {"id": 901, "title": "Desk lamp", "updated_at": "2026-05-01T10:00:00Z"} | pictures)
    tell_all(tell, SCANS)
    page = storefront.get(link(shop)).text
    assert "Your parcel has arrived. Cord set is still with us." in page
    assert "<li>The parcel with 2 × Desk lamp (Brass) has arrived.</li>" in page
    assert "<li>Cord set is still with us.</li>" in page
    assert "Order #1001, placed on Monday, June 1, 2026" in page
    assert 'src="https://cdn.example.com/lamp.png?v=1&amp;width=128"' in page
    for shown in ("Desk lamp", "Brass", "Quantity: 2", "€190.00", "Cord set", "€20.00", "€4.90", "€214.90", "€34.31"):
        assert shown in page
    assert '<a href="https://carrier.example.com/track?code=CB00000031FR" rel="noopener noreferrer">' in page
    for shown in ("Colissimo", "CB00000031FR", "2 × Desk lamp", "Not sent yet", "1 × Cord set"):
        assert shown in page


def test_three_lines_in_two_parcels_and_one_unsent_are_all_named_and_their_pieces_add_up(
    storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    lines = [line(1, "Desk lamp", 2, "95.00"), line(2, "Cord set", 1, "20.00"), line(3, "Shade", 3, "12.00")]
    tell("orders/create", order(line_items=lines), "fulfillments/create", parcel(31, {1: 2}))
    tell("fulfillments/create", parcel(32, {2: 1, 3: 1}))
    tell("fulfillment_events/create", scan(1, 31, "delivered", "2026-06-03T11:45:00+02:00"))
    tell("fulfillment_events/create", scan(2, 32, "in_transit", "2099-01-01T10:00:00+02:00"))
    page = storefront.get(link(shop)).text
    headline = re.search(r'<h1 id="aftercare-title">(.*?)</h1>', page)
    assert headline and headline[1].startswith(
        "1 of your 2 parcels has arrived; the one with Cord set and Shade is in Lyon"
    )
    assert headline[1].endswith("2 × Shade are still with us.")
    cards = re.findall(r'<ul class="aftercare-items">(.*?)</ul>', page, re.S)
    pieces = [re.findall(r"<li>(\d+) × ([\w ]+?)\s*</li>", card) for card in cards]
    assert pieces == [[("2", "Desk lamp")], [("1", "Cord set"), ("1", "Shade")], [("2", "Shade")]]
    assert sum(int(count) for card in pieces for count, _ in card) == 6


def test_scans_stand_newest_first_in_plain_words_with_the_time_and_name_of_their_place(
    storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    tell_all(tell, SCANS)
    page = storefront.get(link(shop)).text
    told = re.findall(r"<strong>(.*?)</strong>(?: · (.*?))?<br>\s*<time datetime=\"(.*?)\".*?>(.*?)</time>", page)
    assert [(words, place, iso, time.replace("\u202f", " ")) for words, place, iso, time in told] == [
        ("Delivered", "Lyon, France", "2026-06-03T11:45+02:00", "Jun 3, 2026, 11:45 AM (Paris time)"),
        ("Out for delivery", "Lyon, France", "2026-06-03T08:00+02:00", "Jun 3, 2026, 8:00 AM (Paris time)"),
        ("On its way", "London, United Kingdom", "2026-06-03T04:10+01:00", "Jun 3, 2026, 4:10 AM (London time)"),
        ("On its way", "Leipzig, Germany", "2026-06-02T21:30+02:00", "Jun 2, 2026, 9:30 PM (Berlin time)"),
        ("The shipping label has been printed", "", "2026-06-02T09:00+02:00", "Jun 2, 2026, 9:00 AM (Berlin time)"),
    ]


def test_scans_in_any_order_and_twice_give_the_same_page(storefront: Storefront, tell: Tell, shop: Shop) -> None:
    tell_all(tell, SCANS)
    token = link(shop)
    page = storefront.get(token).text
    with transaction():
        for model in (ParcelEvent, Shipment, Order, Line):
            db.session.execute(delete(model))
    shuffled = [*SCANS, *SCANS]
    random.Random(4711).shuffle(shuffled)
    tell_all(tell, shuffled)
    assert storefront.get(token).text == page


def test_a_promised_day_is_shown_until_it_is_over(storefront: Storefront, tell: Tell, shop: Shop, clock: Clock) -> None:
    promised = app_clock.now().astimezone(ZoneInfo("Europe/Paris")) + timedelta(days=2)
    tell(
        "orders/create", order(), "fulfillments/create", parcel(31, {1: 2}, estimated_delivery_at=promised.isoformat())
    )
    assert "Expected" in storefront.get(link(shop)).text
    later = scan(2, 31, "delayed", app_clock.now().isoformat(), estimated_delivery_at=str(promised + timedelta(days=3)))
    tell("fulfillment_events/create", later)
    assert (promised + timedelta(days=3)).strftime("%A, %B %-d, %Y") in storefront.get(link(shop)).text
    clock.forward(days=7)
    assert "Expected" not in storefront.get(link(shop)).text


def test_of_an_arrived_parcel_the_page_tells_when_it_came_and_no_promise(
    storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    promised = str(app_clock.now() + timedelta(days=2))
    came = scan(2, 31, "delivered", "2026-06-03T11:45:00+02:00")
    tell("orders/create", order(), "fulfillments/create", parcel(31, {1: 2}, estimated_delivery_at=promised))
    tell("fulfillment_events/create", came)
    page = storefront.get(link(shop)).text
    assert "<dt>Arrived</dt><dd>Jun 3, 2026, 11:45" in page
    assert "Expected" not in page


def test_whoever_has_the_link_learns_of_the_buyer_only_the_town(storefront: Storefront, tell: Tell, shop: Shop) -> None:
    signed = scan(9, 31, "delivered", "2026-06-03T11:45:00+02:00", message="Signed by LINDQVIST at 12 rue de l'exemple")
    tell("orders/create", order(), "fulfillments/create", parcel(31, {1: 2}), "fulfillment_events/create", signed)
    page = storefront.get(link(shop)).text
    assert "Lyon, France" in page
    personal = (BUYER["last_name"], BUYER["email"], BUYER["phone"], "12 34 56", ADDRESS["address1"], "69007", "Exemple")
    assert not [one for one in personal if one.casefold() in page.casefold()]


def test_text_of_the_shop_and_the_carrier_is_never_run_as_liquid_nor_as_html(
    storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    evil = f"<script>alert(1)</script>{INJECTION}"
    lines = [line(1, evil, variant_title=evil)]
    sent = parcel(31, {1: 1}, tracking_company=evil, tracking_number=evil, tracking_url=f"https://x.example/{evil}")
    seen = scan(2, 31, "in_transit", "2026-06-03T11:45:00+02:00", message=evil, city=evil, country=evil)
    odd = scan(3, 31, evil, "2026-06-03T12:45:00+02:00", message=evil)
    tell("orders/create", order(name=f"#{evil}", line_items=lines), "fulfillments/create", sent)
    tell("fulfillment_events/create", seen, "fulfillment_events/create", odd)
    page = storefront.get(link(shop)).text
    assert page.count("&#123;&#123; shop.secret &#125;&#125;&#123;% raw %&#125;") > 8
    assert not {"{", "}"} & set(page)
    assert "<script" not in page


def test_only_what_a_browser_may_follow_becomes_a_link_or_a_picture(
    storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    evil = "javascript:alert(1)"
    picture = {"id": 901, "title": "", "updated_at": "2026-05-01T10:00:00Z", "image": {"src": evil}}
    tell("products/update", picture, "orders/create", order())
    tell("fulfillments/create", parcel(31, {1: 2}, tracking_url=evil, tracking_number="N1"))
    tell("fulfillments/create", parcel(32, {2: 1}, tracking_url="http://[", tracking_number="N2"))
    page = storefront.get(link(shop)).text
    assert evil not in page
    assert "<dd>N1</dd>" in page
    assert "<dd>N2</dd>" in page


def test_a_status_nobody_knows_is_shown_as_news_in_the_carrier_s_own_words(
    storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    odd = scan(2, 31, "customs_beamed_up", "2026-06-03T11:45:00+02:00", message="In der Zollabfertigung")
    tell("orders/create", order(), "fulfillments/create", parcel(31, {1: 2}), "fulfillment_events/create", odd)
    page = storefront.get(link(shop)).text
    assert "<strong>News from the carrier</strong>" in page
    assert '<q class="aftercare-small" lang="">In der Zollabfertigung</q>' in page
    assert "customs_beamed_up" not in page


def test_refunds_and_what_was_taken_out_are_told(storefront: Storefront, tell: Tell, shop: Shop) -> None:
    lines = [line(1, "Desk lamp", 2, "95.00", current_quantity=1), line(2, "Cord set", 1, "20.00")]
    money = [{"kind": "refund", "status": "success", "amount": "95.00", "currency": "EUR"}]
    paid_back = {"id": 5, "order_id": 4711, "created_at": "2026-06-05T10:00:00+02:00", "transactions": money}
    tell("orders/create", order(line_items=lines, current_total_price="119.90"), "refunds/create", paid_back)
    page = storefront.get(link(shop)).text
    for shown in (
        "1 piece cancelled or returned",
        "Total after changes",
        "€119.90",
        "Refunded on Jun 5, 2026",
        "€95.00",
    ):
        assert shown in page


def test_a_cancelled_order_says_so_and_shows_nothing_as_still_to_come(
    storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    tell("orders/create", order(cancelled_at="2026-06-02T10:00:00+02:00"))
    page = storefront.get(link(shop)).text
    assert "This order has been cancelled." in page
    assert "We are preparing" not in page


def test_money_without_decimals_is_shown_without(storefront: Storefront, tell: Tell, shop: Shop) -> None:
    yen = order(currency="JPY", line_items=[line(1, "Lamp", 2, "9500")], current_total_price="19000")
    tell("orders/create", yen)
    assert "¥19,000" in storefront.get(link(shop)).text


def test_an_expired_link_offers_a_new_one_which_is_mailed_to_the_buyer(
    storefront: Storefront, tell: Tell, shop: Shop, clock: Clock, jobs: Jobs, mailbox: Mailbox, configure: Configure
) -> None:
    configure(link_days=3)
    tell("orders/create", order())
    old = link(shop)
    mailbox.clear()
    clock.forward(days=3, seconds=1)
    page = storefront.get(old)
    assert page.status_code == 410
    assert "This link has expired" in page.text
    assert "Desk lamp" not in page.text
    assert f'<form method="post" action="{old}/links?locale=en">' in page.text
    assert db.session.scalars(select(Message.key).where(Message.template == "tracking/link")).all() == []

    for _ in range(2):
        assert "If that order exists" in storefront.post(f"{old}/links").text
    jobs.run()
    [mail] = mailbox.messages()
    assert mail.rcpt_tos == [BUYER["email"]]
    fresh = re.search(re.escape(PATH) + r"/orders/[\w.-]+", mail.text or "")
    assert fresh and storefront.get(fresh[0]).status_code == 200
    assert "It is valid for 3 days." in (mail.text or "")


def test_a_new_link_is_promised_the_same_way_for_an_order_that_is_gone(
    storefront: Storefront, tell: Tell, shop: Shop, jobs: Jobs, mailbox: Mailbox
) -> None:
    tell("orders/create", order(), "orders/create", order(4712), "orders/delete", {"id": 4712})
    mailbox.clear()
    there, gone = (storefront.post(f"{link(shop, number)}/links") for number in (4711, 4712))
    assert (there.status_code, there.data) == (gone.status_code, gone.data)
    jobs.run()
    assert len(mailbox.messages()) == 1


@pytest.mark.parametrize("change", ["cut", "flip", "other shop", "other order", "nonsense", "empty"])
def test_a_forged_link_opens_nothing(
    storefront: Storefront, tell: Tell, shop: Shop, other_shop: Shop, change: str
) -> None:
    tell("orders/create", order())
    good, head = links.token(shop, 4711), links.token(shop, 4712).partition(".")[0]
    forged = {
        "cut": good[:-1],
        "flip": good[:-9] + ("A" if good[-9] != "A" else "B") + good[-8:],
        "other shop": links.token(other_shop, 4711),
        "other order": f"{head}.{good.partition('.')[2]}",
        "nonsense": "%00%ff..%20é",
        "empty": ".",
    }[change]
    for answer in (storefront.get(f"/orders/{forged}"), storefront.post(f"/orders/{forged}/links")):
        assert answer.status_code == 404
        assert "This link does not open any order." in answer.text
        assert 'name="number"' in answer.text
        assert "Desk lamp" not in answer.text
    assert db.session.scalars(select(Message.key).where(Message.template == "tracking/link")).all() == []


def test_an_order_of_another_shop_is_not_shown_by_a_link_of_this_one(
    storefront: Storefront, tell: Tell, shop: Shop, other_shop: Shop
) -> None:
    tell("orders/create", order(), domain=other_shop.domain)
    assert storefront.get(link(shop)).status_code == 404


def test_opening_a_page_changes_nothing_however_often_a_scanner_does(
    storefront: Storefront, tell: Tell, shop: Shop, jobs: Jobs
) -> None:
    tell_all(tell, SCANS)
    before, address = _rows(), link(shop)
    pages = {storefront.get(address).text for _ in range(3)}
    storefront.get("/")
    jobs.run()
    assert len(pages) == 1
    assert _rows() == before


def _rows() -> dict[str, int]:
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in db.metadata.sorted_tables
    }


def test_the_style_comes_from_the_shop_s_own_address_and_may_be_kept_for_ever(storefront: Storefront) -> None:
    page = storefront.get("").text
    sheet = re.search(r'<link rel="stylesheet" href="([^"]+)\?v=', page)
    assert sheet
    answer = storefront.get(sheet[1])
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "no-store" in storefront.get("").headers["Cache-Control"]
    assert "://" not in page.replace("https://cdn.example.com", "").replace("http://www.w3.org", "")


def test_a_feed_that_is_shuffled_and_doubled_gives_the_same_page(
    storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    first = ("orders/create", order(), "fulfillments/create", parcel(31, {1: 2}))
    tell(*first, *(news for one in SCANS for news in ("fulfillment_events/create", one)))
    address = link(shop)
    page = storefront.get(address).text
    shuffled = random.Random(4711).sample([*SCANS, *SCANS], 2 * len(SCANS))
    again = [{**one, "id": int(one["id"]) + 100 * number} for number, one in enumerate(shuffled, 1)]
    tell(*(news for one in again for news in ("fulfillment_events/create", one)))
    assert storefront.get(address).text == page


def action(page: str) -> tuple[str, str] | None:
    found = re.search(r'<a class="aftercare-button" href="([^"]+)"[^>]*>([^<]+)</a>', page)
    return (found[2], found[1]) if found else None


def test_each_moment_has_one_main_action(storefront: Storefront, tell: Tell, shop: Shop) -> None:
    tell("orders/create", order())
    assert action(storefront.get(link(shop)).text) is None
    with transaction():
        shop.email = "hello@lumen-goods.example"
    write = ("Write to us about it", "mailto:hello@lumen-goods.example?subject=Order%20%231001")
    assert action(storefront.get(link(shop)).text) == write
    tell("fulfillments/create", parcel(31, {1: 2, 2: 1}))
    track = ("Track it at the carrier", "https://carrier.example.com/track?code=CB00000031FR")
    assert action(storefront.get(link(shop)).text) == track
    tell("fulfillment_events/create", scan(1, 31, "delivered", "2026-06-03T10:00:00Z"))
    assert action(storefront.get(link(shop)).text) == write


def test_an_address_that_is_no_web_address_is_no_action(storefront: Storefront, tell: Tell, shop: Shop) -> None:
    tell("orders/create", order(), "fulfillments/create", parcel(31, {1: 2}, tracking_url="javascript:alert(1)"))
    assert action(storefront.get(link(shop)).text) is None
