"""Customer accounts of the storefront: who gets in with a code from the mail, and what is seen inside."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from flask import Response

from devstore import deeds
from devstore.records import Customer, Order
from devstore.server import Running
from tests.devstore.conftest import DOMAIN, SmallApp, Visitor

OTHER = "second-shop.myshopify.com"


@pytest.fixture
def buys(store: Running, brass: int) -> Callable[[Customer | None], Order]:
    return lambda customer: deeds.place_order(
        store.state, DOMAIN, [(brass, 1)], customer=customer, email="someone@example.com"
    )


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_buyer_finds_her_own_orders_and_nobody_elses(
    visitor: Visitor, mira: Customer, buys: Callable[[Customer | None], Order]
) -> None:
    hers, strangers = buys(mira), buys(None)
    page = visitor.types(visitor.asks_for_a_code("Mira@example.com")).text
    assert hers.name in page
    assert strangers.name not in page
    visitor.line.post(f"{visitor.base}/account/logout", timeout=5)
    assert not visitor.is_known()


def test_after_five_wrong_codes_the_right_one_is_too_late(visitor: Visitor) -> None:
    code = visitor.asks_for_a_code("mira@example.com")
    for _ in range(4):
        assert "That is not the code" in visitor.types(wrong(code)).text
    assert "does not work any more" in visitor.types(wrong(code)).text
    assert visitor.types(code).status_code == 403
    assert not visitor.is_known()
    assert visitor.types(visitor.asks_for_a_code("mira@example.com")).ok


def test_nobody_gets_more_tries_by_bringing_back_an_older_cookie(visitor: Visitor) -> None:
    code = visitor.asks_for_a_code("mira@example.com")
    kept = visitor.line.cookies.copy()
    for _ in range(5):
        visitor.types(wrong(code))
        visitor.line.cookies = kept.copy()
    assert visitor.types(code).status_code == 403


def test_a_code_is_too_old_after_ten_minutes(visitor: Visitor) -> None:
    code = visitor.asks_for_a_code("mira@example.com")
    visitor.store.forward(timedelta(minutes=10, seconds=1))
    assert "does not work any more" in visitor.types(code).text
    assert not visitor.is_known()


def test_a_code_still_works_in_its_last_minute_and_only_once(visitor: Visitor) -> None:
    code = visitor.asks_for_a_code("mira@example.com")
    kept = visitor.line.cookies.copy()
    visitor.store.forward(timedelta(minutes=9))
    assert visitor.types(code).ok
    visitor.line.cookies = kept
    assert visitor.types(code).status_code == 403


def test_a_code_opens_nothing_in_another_browser(visitor: Visitor) -> None:
    code = visitor.asks_for_a_code("mira@example.com")
    assert Visitor(visitor.store).types(code).status_code == 403


def test_the_code_is_in_the_mail_and_nowhere_else(visitor: Visitor) -> None:
    code = visitor.asks_for_a_code("mira@example.com")
    assert code not in str(visitor.line.cookies.get_dict())
    assert code not in visitor.get("/account/login").text


def test_who_is_unknown_gets_no_mail_and_is_told_the_same(visitor: Visitor) -> None:
    assert visitor.asks_for_a_code("nobody@example.com") == ""
    assert "That is not the code" in visitor.types("123456").text


def test_another_shops_customer_is_nobody_here(visitor: Visitor, store: Running) -> None:
    deeds.add_shop(
        store.state, OTHER, "Second Shop", email="owner@example.com", address=store.state.shops[DOMAIN].address
    )
    store.open_storefront(OTHER)
    other = Visitor(store, OTHER)
    assert other.asks_for_a_code("mira@example.com") == ""
    visitor.types(visitor.asks_for_a_code("mira@example.com"))
    other.line.cookies.set("_second-shop", visitor.line.cookies["_lumen-goods"])
    assert visitor.is_known()
    assert not other.is_known()


def test_the_app_hears_of_nobody_when_another_shops_cookie_is_brought(
    visitor: Visitor, store: Running, app: SmallApp
) -> None:
    app.answer = lambda heard: Response("hello")
    deeds.add_shop(
        store.state, OTHER, "Second Shop", email="owner@example.com", address=store.state.shops[DOMAIN].address
    )
    store.open_storefront(OTHER)
    visitor.types(visitor.asks_for_a_code("mira@example.com"))
    other = Visitor(store, OTHER)
    other.line.cookies.set("_second-shop", visitor.line.cookies["_lumen-goods"])
    other.get("/apps/aftercare")
    assert dict(parse_qsl(app.heard[-1].query, keep_blank_values=True))["logged_in_customer_id"] == ""


def test_a_buyer_who_is_asked_to_log_in_comes_back_to_where_she_was(
    visitor: Visitor, store: Running, mira: Customer, buys: Callable[[Customer | None], Order]
) -> None:
    order = buys(mira)
    path = f"/{store.state.shops[DOMAIN].id}/orders/{order.token}"
    refused = visitor.get(path)
    assert refused.status_code == 403
    assert f"/account/login?next={path}" in refused.text
    opened = visitor.types(visitor.asks_for_a_code("mira@example.com"), next=path)
    assert opened.url == visitor.base + path
    assert f"Order {order.name}" in opened.text


def test_an_order_is_opened_by_its_number_by_its_customer_alone(
    visitor: Visitor, mira: Customer, buys: Callable[[Customer | None], Order]
) -> None:
    hers, strangers = buys(mira), buys(None)
    assert visitor.get(f"/account/orders/{hers.id}").url.endswith(
        f"/account/login?next=%2Faccount%2Forders%2F{hers.id}"
    )
    visitor.types(visitor.asks_for_a_code("mira@example.com"))
    assert f"Order {hers.name}" in visitor.get(f"/account/orders/{hers.id}").text
    for path in (f"/account/orders/{strangers.id}", f"/account/orders/{hers.id}/pages/none", "/account/pages/none"):
        assert visitor.get(path).status_code == 404


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"])
def test_a_login_leads_to_no_other_host(visitor: Visitor, elsewhere: str) -> None:
    code = visitor.asks_for_a_code("mira@example.com")
    answer = visitor.line.post(
        f"{visitor.base}/account/login/code", {"code": code, "next": elsewhere}, allow_redirects=False, timeout=5
    )
    assert answer.headers["Location"] == "/account"


def test_a_checkout_with_a_known_address_belongs_to_that_customer(
    visitor: Visitor, store: Running, mira: Customer, brass: int
) -> None:
    checkout = deeds.begin_checkout(store.state, DOMAIN, [(brass, 1)], email="MIRA@example.com")
    order = deeds.complete(store.state, checkout)
    assert order.customer_id == mira.id
    assert order.name in visitor.types(visitor.asks_for_a_code("mira@example.com")).text
