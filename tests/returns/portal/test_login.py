"""The portal lets in who logged in with the shop's customer account, and nobody by a trick."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from flask import Flask

from devstore import deeds, server
from devstore.records import Customer, Order
from shopify_app import limits
from shopify_app.db import transaction
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, SECOND, Clock
from tests.returns.portal.conftest import Buyer


def lands(answer: requests.Response) -> str:
    return urlsplit(answer.url).path


def back(buyer: Buyer) -> str:
    """Where Shopify sends the browser with a code, not yet followed. The buyer is logged in to the storefront."""
    begun = buyer.gets(f"{buyer.home}/login", allow_redirects=False)
    asked = buyer.gets(begun.headers["Location"], allow_redirects=False)
    return asked.headers["Location"]


@pytest.fixture
def known(buyer: Buyer) -> Buyer:
    """Mira, logged in to the shop and, by now, not any more to the portal."""
    buyer.logs_in()
    for cookie in [one for one in buyer.line.cookies if one.path.startswith("/portal")]:
        buyer.line.cookies.clear(cookie.domain, cookie.path, cookie.name)
    return buyer


def test_a_buyer_logs_in_and_finds_every_order_of_theirs_and_no_other(
    buyer: Buyer, shopify: server.Running, buy: Callable[..., Order]
) -> None:
    ole = deeds.add_customer(shopify.state, LUMEN, "ole@example.com")
    hers, his = buy(), buy(customer=ole)
    page = buyer.logs_in()
    assert lands(page) == "/portal/lumen-goods/orders"
    assert hers.name in page.text
    assert "2 × Reading lamp" in page.text
    assert his.name not in page.text


def test_who_wants_a_page_of_an_order_gets_there_after_logging_in(buyer: Buyer, buy: Callable[..., Order]) -> None:
    order = buy()
    wanted = f"/portal/lumen-goods/orders/{order.id}/return/check"
    welcome = buyer.gets(wanted)
    assert lands(welcome) == "/portal/lumen-goods"
    assert f"there={urlencode({'': wanted})[1:]}" in welcome.text


@pytest.mark.parametrize("there", ["//evil.example.com", "https://evil.example.com", "/portal/other/orders", "/x"])
def test_logging_in_leads_nowhere_else(known: Buyer, there: str) -> None:
    begun = known.gets(f"{known.home}/login?{urlencode({'there': there})}", allow_redirects=False)
    asked = known.gets(begun.headers["Location"], allow_redirects=False)
    entered = known.gets(asked.headers["Location"], allow_redirects=False)
    assert entered.headers["Location"] == "/portal/lumen-goods/orders"


def test_the_login_is_asked_for_with_a_challenge_and_tells_no_secret(buyer: Buyer) -> None:
    begun = buyer.gets(f"{buyer.home}/login", allow_redirects=False)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.headers["Location"]).query).items()}
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == f"{buyer.store.app_url}/portal/login/callback"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    again = buyer.gets(f"{buyer.home}/login", allow_redirects=False).headers["Location"]
    assert not {asked["state"], asked["nonce"], asked["code_challenge"]} & {
        one for values in parse_qs(urlsplit(again).query).values() for one in values
    }


def test_cookies_are_for_this_browser_and_this_shops_portal_only(known: Buyer) -> None:
    entered = known.gets(back(known), allow_redirects=False)
    written = entered.raw.headers.getlist("Set-Cookie")
    login = next(one for one in written if one.startswith("aftercare_login="))
    assert all(word in login for word in ("HttpOnly", "SameSite=Lax", "Path=/portal/lumen-goods"))
    leaving = next(one for one in written if one.startswith("aftercare_leaving="))
    assert "Path=/portal/lumen-goods/logout" in leaving
    assert "shcat_" not in str(written)


def test_over_https_cookies_travel_nowhere_else(app: Flask, known: Buyer, configure: Callable[..., None]) -> None:
    configure(app_url="https://aftercare.example.com")
    begun = known.gets(f"{known.home}/login", allow_redirects=False)
    assert "Secure" in begun.headers["Set-Cookie"]


def test_no_address_that_a_browser_sees_holds_a_token(known: Buyer) -> None:
    page = known.gets(back(known))
    seen = [answer.url for answer in page.history] + [page.url]
    assert not [url for url in seen if "shcat_" in url or "eyJ" in url]


@pytest.mark.parametrize("change", [{"state": "forged"}, {"state": ""}])
def test_who_comes_back_with_a_state_of_somebody_else_is_not_let_in(known: Buyer, change: dict[str, str]) -> None:
    """An attacker's own login, put under a buyer's fingers."""
    place = urlsplit(back(known))
    asked = {name: values[0] for name, values in parse_qs(place.query).items()} | change
    answer = known.gets(f"{place.scheme}://{place.netloc}{place.path}?{urlencode(asked)}")
    assert answer.status_code == 403
    assert lands(known.gets(f"{known.home}/orders")) == known.home


def test_a_login_begun_in_one_browser_ends_in_no_other(known: Buyer, shopify: server.Running) -> None:
    answer = Buyer(shopify).gets(back(known))
    assert (answer.status_code, "another browser" in answer.text) == (403, True)


def test_a_code_works_once(known: Buyer) -> None:
    """Whoever replays the address, even with the cookies of the moment, is not let in by it."""
    place = back(known)
    begun = known.line.cookies.copy()
    assert known.gets(place).ok
    known.line.cookies = begun
    assert known.gets(place).status_code == 403


def test_a_code_from_another_login_does_not_fit_this_ones_verifier(known: Buyer, shopify: server.Running) -> None:
    ole = deeds.add_customer(shopify.state, LUMEN, "ole@example.com")
    stranger = Buyer(shopify, email=str(ole.email))
    stranger.logs_in()
    stolen = parse_qs(urlsplit(back(stranger)).query)["code"][0]
    place = urlsplit(back(known))
    state = parse_qs(place.query)["state"][0]
    answer = known.gets(f"{known.store.app_url}{place.path}?{urlencode({'code': stolen, 'state': state})}")
    assert answer.status_code == 403


def test_a_login_that_took_too_long_begins_again(known: Buyer, clock: Clock) -> None:
    place = back(known)
    clock.forward(minutes=11)
    assert known.gets(place).status_code == 403


def test_a_buyer_who_calls_off_the_login_may_try_again(known: Buyer) -> None:
    state = parse_qs(urlsplit(back(known)).query)["state"][0]
    denied = urlencode({"error": "access_denied", "state": state})
    answer = known.gets(f"/portal/login/callback?{denied}")
    assert (answer.status_code, "Log in" in answer.text) == (403, True)


def test_a_login_to_one_shop_opens_nothing_in_another(buyer: Buyer, shopify: server.Running, shop: Shop) -> None:
    shopify.approve(SECOND)
    buyer.gets(shopify.open_app(SECOND).removeprefix(shopify.app_url))
    buyer.logs_in()
    cookie = next(one for one in buyer.line.cookies if one.name == "aftercare_login")
    answer = requests.get(
        f"{shopify.app_url}/portal/second-shop/orders", cookies={cookie.name: str(cookie.value)}, timeout=5
    )
    assert lands(answer) == "/portal/second-shop"


def test_a_login_ends_with_shopifys_token(buyer: Buyer, clock: Clock) -> None:
    buyer.logs_in()
    clock.forward(hours=2, minutes=1)
    assert lands(buyer.gets(f"{buyer.home}/orders")) == buyer.home


def test_a_made_up_cookie_is_nobody(buyer: Buyer) -> None:
    for value in ("x", "AAAA" * 30, "é".encode().hex()):
        answer = requests.get(
            f"{buyer.store.app_url}{buyer.home}/orders", cookies={"aftercare_login": value}, timeout=5
        )
        assert lands(answer) == buyer.home


def test_logging_out_ends_the_login_here_and_at_shopify(buyer: Buyer) -> None:
    buyer.logs_in()
    page = buyer.posts(f"{buyer.home}/logout")
    assert (lands(page), "You are logged out." in page.text) == ("/portal/login/over", True)
    assert lands(buyer.gets(f"{buyer.home}/orders")) == buyer.home
    assert lands(buyer.gets(f"{buyer.home}/login")) == "/account/login"


@pytest.mark.parametrize("header", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example.com"}, {}])
def test_a_foreign_page_cannot_send_anything_in_a_buyers_name(buyer: Buyer, header: dict[str, str]) -> None:
    buyer.logs_in()
    assert buyer.posts(f"{buyer.home}/logout", headers=header).status_code == 403
    assert lands(buyer.gets(f"{buyer.home}/orders")) == f"{buyer.home}/orders"


def test_somebody_elses_order_is_not_there(buyer: Buyer, shopify: server.Running, buy: Callable[..., Order]) -> None:
    his = buy(customer=deeds.add_customer(shopify.state, LUMEN, "ole@example.com"))
    buyer.logs_in()
    for path in ("return", "return/check", "return/requests/1", "return/photos/x"):
        assert buyer.gets(f"{buyer.home}/orders/{his.id}/{path}").status_code == 404
    for path in ("return", "return/details", "return/more", "return/check", "return/requests/1/cancellation"):
        assert buyer.posts(f"{buyer.home}/orders/{his.id}/{path}").status_code == 404


def test_no_page_may_be_framed_or_kept_and_none_runs_a_script(buyer: Buyer) -> None:
    page = buyer.logs_in()
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert page.headers["Cache-Control"] == "no-store"


def test_a_shop_that_is_not_there_has_no_portal(buyer: Buyer, shop: Shop) -> None:
    assert buyer.gets("/portal/nobody").status_code == 404
    with transaction():
        shop.installed_at = None
    assert buyer.gets(buyer.home).status_code == 404


def test_a_login_that_does_not_answer_is_told_and_nobody_waits_for_long(
    buyer: Buyer, shop: Shop, shopify: server.Running
) -> None:
    with transaction():
        shop.storefront_url = "http://127.0.0.1:9"
    answer = buyer.gets(f"{buyer.home}/login")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")


def test_a_login_outside_of_https_is_not_followed(
    buyer: Buyer, shop: Shop, configure: Callable[..., None], mira: Customer
) -> None:
    """What is allowed on this machine is allowed beside the store on this machine only."""
    configure(shop_url="https://{shop}")
    assert buyer.gets(f"{buyer.home}/login").status_code == 503


def test_whoever_begins_a_login_again_and_again_has_to_wait(app: Flask, buyer: Buyer, clock: Clock) -> None:
    few = replace(app.extensions["config"], login_limits="2 per minute", redis_url="")
    app.extensions["limits"] = limits.Limits(few)
    begun = [buyer.gets(f"{buyer.home}/login", allow_redirects=False) for _ in range(3)]
    assert [one.status_code for one in begun] == [303, 303, 429]
    assert "Please try again in ten minutes." in begun[-1].text
    assert begun[-1].headers["Retry-After"]
    assert buyer.gets(buyer.home).status_code == 200
