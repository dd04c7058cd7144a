"""The app proxy carries a buyer's request to the app signed and bare of cookies, and brings the answer back."""

import re
import time
from urllib.parse import parse_qsl

import requests
from flask import Response

from devstore import deeds, signing
from devstore.records import Shop
from devstore.server import Running

from .conftest import DOMAIN, SECRET, SmallApp


def page(store: Running, path: str = "") -> str:
    return f"{store.storefront_url(DOMAIN)}/apps/aftercare{path}"


def test_a_guests_request_is_signed_and_keeps_its_own_parameters(
    store: Running, app: SmallApp, open_shop: Shop
) -> None:
    requests.get(page(store, "/orders/x y?extra=1&extra=2&blank="), timeout=5)
    heard = app.heard[0]
    pairs = parse_qsl(heard.query, keep_blank_values=True)
    given = dict(pairs)
    assert heard.path == "/proxy/orders/x y"
    assert [value for key, value in pairs if key == "extra"] == ["1", "2"]
    assert (given["shop"], given["path_prefix"], given["logged_in_customer_id"]) == (DOMAIN, "/apps/aftercare", "")
    assert abs(int(given["timestamp"]) - time.time()) < 5
    assert given["signature"] == signing.proxy(SECRET, pairs)


def test_a_buyer_cannot_sign_in_by_writing_it_into_the_address(store: Running, app: SmallApp, open_shop: Shop) -> None:
    requests.get(page(store, "?logged_in_customer_id=7&shop=evil.myshopify.com&signature=x"), timeout=5)
    pairs = parse_qsl(app.heard[0].query, keep_blank_values=True)
    assert [value for key, value in pairs if key in ("logged_in_customer_id", "shop")] == [DOMAIN, ""]


def test_a_customer_who_is_signed_in_on_the_storefront_is_named(store: Running, app: SmallApp, open_shop: Shop) -> None:
    customer = deeds.add_customer(store.state, DOMAIN, "mira@example.com")
    with requests.Session() as browser:
        browser.post(f"{store.storefront_url(DOMAIN)}/account/login", {"email": customer.email}, timeout=5)
        code = re.findall(r"\b\d{6}\b", store.mailbox.wait(1)[0].text or "")[0]
        browser.post(f"{store.storefront_url(DOMAIN)}/account/login/code", {"code": code}, timeout=5)
        browser.get(page(store), timeout=5)
    named = dict(parse_qsl(app.heard[-1].query, keep_blank_values=True))
    assert named["logged_in_customer_id"] == str(customer.id)


def test_cookies_go_neither_way_and_addresses_are_told(store: Running, app: SmallApp, open_shop: Shop) -> None:
    def answer(heard: object) -> Response:
        headers = {"Set-Cookie": "a=b", "X-Powered-By": "pride", "Cache-Control": "no-store", "X-Kept": "yes"}
        return Response("hello", 200, headers)

    app.answer = answer
    back = requests.get(page(store), headers={"Cookie": "secret=1", "X-Forwarded-For": "203.0.113.9"}, timeout=5)
    heard = app.heard[0].headers
    assert "Cookie" not in heard
    assert heard["X-Forwarded-For"] == "203.0.113.9, 127.0.0.1"
    assert f"http://{heard['X-Forwarded-Host']}" == store.storefront_url(DOMAIN)
    assert not {"Set-Cookie", "X-Powered-By"} & back.headers.keys()
    assert (back.text, back.headers["X-Kept"], back.headers["Cache-Control"]) == ("hello", "yes", "no-store")


def test_a_form_reaches_the_app_as_it_was_sent(store: Running, app: SmallApp, open_shop: Shop) -> None:
    requests.post(page(store, "/lookup"), {"order": "#1001"}, timeout=5)
    assert (app.heard[0].method, app.heard[0].body) == ("POST", b"order=%231001")


def test_redirects_inside_the_app_are_followed_by_the_store(store: Running, app: SmallApp, open_shop: Shop) -> None:
    app.answer = lambda heard: (
        Response("arrived") if heard.path == "/proxy/end" else Response("", 302, {"Location": "/proxy/end"})
    )
    back = requests.get(page(store, "/start"), allow_redirects=False, timeout=5)
    assert (back.status_code, back.text) == (200, "arrived")


def test_a_liquid_body_is_run_inside_the_theme(store: Running, app: SmallApp, open_shop: Shop) -> None:
    app.answer = lambda heard: Response("<p>{{ shop.name }} {{ 6 | times: 7 }}</p>", mimetype="application/liquid")
    back = requests.get(page(store), timeout=5)
    assert back.headers["Content-Type"].startswith("text/html")
    assert "<p>Lumen Goods 42</p>" in back.text
    assert back.text.lstrip().lower().startswith("<!doctype html>")


def test_a_liquid_body_may_do_without_the_theme_and_shows_its_errors(
    store: Running, app: SmallApp, open_shop: Shop
) -> None:
    app.answer = lambda heard: Response("{% layout none %}bare {{ shop.name }}", mimetype="application/liquid")
    assert requests.get(page(store), timeout=5).text == "bare Lumen Goods"
    app.answer = lambda heard: Response("{% layout none %}{{ 'x", mimetype="application/liquid")
    assert "Liquid" in requests.get(page(store), timeout=5).text


def test_html_and_json_pass_untouched(store: Running, app: SmallApp, open_shop: Shop) -> None:
    app.answer = lambda heard: Response("<p>{{ shop.name }}</p>", 404, mimetype="text/html")
    back = requests.get(page(store), timeout=5)
    assert (back.status_code, back.text) == (404, "<p>{{ shop.name }}</p>")


def test_an_app_that_is_gone_leaves_the_buyer_on_the_shops_page(store: Running, open_shop: Shop) -> None:
    store.app_url = "http://127.0.0.1:9"
    back = requests.get(page(store), timeout=5)
    assert back.status_code == 502
    assert "Lumen Goods" in back.text
