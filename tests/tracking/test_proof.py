"""Who sees what of an order: an old link, a fresh one, the buyer."""

import re

import pytest

from devstore.smtp import Mailbox
from shopify_app import clock as app_clock
from shopify_app.db import transaction
from shopify_app.orders import links, proof
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, Tell
from tests.conftest import Clock, Jobs
from tests.orders import ADDRESS, BUYER, order, parcel

PERSONAL = (BUYER["last_name"], BUYER["email"], BUYER["phone"], ADDRESS["address1"], "69007", "PayPal")


@pytest.fixture
def address(tell: Tell, shop: Shop) -> str:
    """Of the page of Nora's order, which is on its way; no mail is sent but what is asked for."""
    with transaction():
        shop.settings = {}
    tell("orders/create", order(payment_gateway_names=["paypal"]), "fulfillments/create", parcel(31, {1: 2, 2: 1}))
    return links.path(shop, 4711)


def seen(page: str) -> list[str]:
    return [one for one in PERSONAL if one in page.replace("&#39;", "'")]


def code(mailbox: Mailbox) -> str:
    found = re.search(r"^ {4}(\d{6})\s*$", mailbox.messages(to=BUYER["email"])[0].text, re.M)
    assert found
    return found[1]


def prove(storefront: Storefront, address: str, typed: str, door: str = "") -> str | None:
    """Where the buyer is led after typing the code; None: nowhere."""
    page = storefront.post(f"{address}/proof", {"code": typed}, query={"next": door} if door else {})
    found = re.search(r'href="(/[^"]*proof=[^"]*)"', page.text)
    return found[1].replace("&amp;", "&") if found else None


def open_(storefront: Storefront, there: str) -> str:
    path, _, word = there.partition("?proof=")
    return storefront.get(path, query={"proof": word}).text


def test_a_fresh_link_shows_the_tracking_number_and_the_town_and_nothing_else(
    storefront: Storefront, address: str
) -> None:
    page = storefront.get(address).text
    assert "CB00000031FR" in page and "Lyon" in page
    assert seen(page) == []


def test_an_old_link_still_tells_how_the_order_is_doing_but_no_number_and_no_town(
    storefront: Storefront, address: str, clock: Clock
) -> None:
    clock.forward(days=15)
    page = storefront.get(address).text
    assert "Desk lamp" in page and "€214.90" in page
    assert "CB00000031FR" not in page and "carrier.example.com" not in page
    assert "Goes to" not in page
    assert seen(page) == []


def test_a_buyer_who_types_the_mailed_code_sees_name_address_and_payment(
    storefront: Storefront, address: str, mailbox: Mailbox, jobs: Jobs
) -> None:
    assert "Mail me the code" in storefront.get(f"{address}/code").text
    assert storefront.post(f"{address}/code").status_code == 200
    jobs.run()
    there = prove(storefront, address, f" {code(mailbox)[:3]} {code(mailbox)[3:]}")
    assert there is not None
    assert seen(open_(storefront, there)) == list(PERSONAL)


def test_a_customer_who_is_logged_in_is_not_asked_for_a_code(storefront: Storefront, address: str) -> None:
    assert seen(storefront.get(address, customer="77").text) == list(PERSONAL)
    assert seen(storefront.get(address, customer="78").text) == []


def test_a_code_leads_to_the_page_that_asked_for_it_and_nowhere_else(
    storefront: Storefront, address: str, mailbox: Mailbox, jobs: Jobs
) -> None:
    storefront.post(f"{address}/code")
    jobs.run()
    wanted = {"cancellation": f"{address}/cancellation?", "//evil.example": f"{address}?", "a:b": f"{address}?"}
    for door, there in wanted.items():
        assert str(prove(storefront, address, code(mailbox), door)).startswith(there)


def test_a_wrong_code_opens_nothing_and_after_five_tries_the_right_one_neither(
    storefront: Storefront, address: str, mailbox: Mailbox, jobs: Jobs
) -> None:
    storefront.post(f"{address}/code")
    jobs.run()
    right = code(mailbox)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    answers = [storefront.post(f"{address}/proof", {"code": typed}) for typed in (wrong, "", "x" * 500, "٣" * 6, wrong)]
    assert [answer.status_code for answer in answers] == [422] * 5
    assert all("This is not the code" in answer.text for answer in answers)
    late = storefront.post(f"{address}/proof", {"code": right})
    assert late.status_code == 429 and "proof=" not in late.text


def test_a_code_is_taken_for_ten_minutes_at_least_and_twenty_at_most(
    storefront: Storefront, address: str, mailbox: Mailbox, jobs: Jobs, clock: Clock
) -> None:
    storefront.post(f"{address}/code")
    jobs.run()
    clock.forward(minutes=9, seconds=50)
    assert prove(storefront, address, code(mailbox))
    clock.forward(minutes=10, seconds=10)
    assert prove(storefront, address, code(mailbox)) is None


def test_a_code_is_mailed_once_however_often_it_is_asked_for(
    storefront: Storefront, address: str, mailbox: Mailbox, jobs: Jobs, clock: Clock
) -> None:
    clock.forward(seconds=600 - app_clock.now().timestamp() % 600)
    for _ in range(3):
        storefront.post(f"{address}/code")
    jobs.run()
    assert len(mailbox.messages(to=BUYER["email"])) == 1


def test_proof_ends_after_half_an_hour_and_holds_for_one_order_of_one_shop(
    storefront: Storefront, address: str, tell: Tell, shop: Shop, other_shop: Shop, clock: Clock
) -> None:
    tell("orders/create", order(4712, name="#1002"))
    with transaction():
        strange = [proof.word(shop, 4712), proof.word(other_shop, 4711), links.token(shop, 4711), "rubbish", "{{ x }}"]
    assert [seen(open_(storefront, f"{address}?proof={word}")) for word in strange] == [[]] * 5
    word = proof.word(shop, 4711)
    assert seen(open_(storefront, f"{address}?proof={word}"))
    clock.forward(minutes=31)
    assert seen(open_(storefront, f"{address}?proof={word}")) == []


def test_an_order_without_an_e_mail_says_so_and_mails_nothing(
    storefront: Storefront, tell: Tell, shop: Shop, mailbox: Mailbox, jobs: Jobs
) -> None:
    tell("orders/create", order(email=None, customer=None))
    address = links.path(shop, 4711)
    assert "no e-mail address" in storefront.get(f"{address}/code").text
    storefront.post(f"{address}/code")
    jobs.run()
    assert mailbox.messages() == []


@pytest.mark.parametrize("path", ["", "/code", "/messages", "/lines/1"])
def test_a_link_that_is_none_and_one_of_another_shop_open_nothing(
    storefront: Storefront, address: str, other_shop: Shop, path: str
) -> None:
    for strange in (links.path(other_shop, 4711), "/apps/aftercare/orders/rubbish"):
        assert storefront.get(strange + path).status_code == 404


@pytest.mark.parametrize("path", ["", "/code", "/messages", "/lines/1", "/cancellation"])
def test_a_link_that_ran_out_says_so_on_every_page_below_it(
    storefront: Storefront, address: str, clock: Clock, path: str
) -> None:
    clock.forward(days=61)
    answer = storefront.get(address + path)
    assert answer.status_code == 410
    assert "This link has expired" in answer.text
