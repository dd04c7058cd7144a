"""Who is no visitor of the shop, no buyer of it, or the buyer of something else: every page, found by the URL map."""

from collections.abc import Callable
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from devstore import signing
from shopify_app import clock
from shopify_app.db import rest, transaction
from shopify_app.feedback import links as feedback_links
from shopify_app.mail import links as mail_links
from shopify_app.orders import links
from shopify_app.shopify import logins
from shopify_app.shopify.customer_api import Login
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, sign
from tests.conftest import KEY, LUMEN, SECOND, SECRET
from tests.home.conftest import Merchant
from tests.routes import Door, doors
from tests.security.conftest import NAMES, Rows


def pairs(**told: str) -> list[tuple[str, str]]:
    now = str(int(clock.now().timestamp()))
    return list(({"shop": LUMEN, "path_prefix": "/apps/aftercare", "timestamp": now} | told).items())


def signed(told: list[tuple[str, str]], secret: str = SECRET) -> str:
    return urlencode([*told, ("signature", signing.proxy(secret, told))])


FORGERIES: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no signature": lambda: urlencode(pairs()),
    "somebody else's signature": lambda: signed(pairs(), "h" * 32),
    "old": lambda: signed(pairs(timestamp=str(int((clock.now() - timedelta(hours=2)).timestamp())))),
    "a word added": lambda: signed(pairs()) + "&proof=1",
    "a shop added": lambda: signed(pairs()) + f"&shop={SECOND}",
    "another shop": lambda: signed(pairs()).replace(LUMEN, SECOND),
    "no shop": lambda: signed(pairs(shop="evil.example")),
    "not installed": lambda: signed(pairs(shop="nobody.myshopify.com")),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_shopify_has_not_signed_opens_no_page_of_the_storefront(
    app: Flask, client: FlaskClient, order: int, shop: Shop, other_shop: Shop, rows: Rows, forgery: str
) -> None:
    before = rows()
    for door in doors(app, "storefront"):
        address = door.address({"token": word(door, shop, order), "number": 1, "line_id": 1, "product_id": 9001})
        answer = client.open(f"{address}?{FORGERIES[forgery]()}", method=door.method)
        assert answer.status_code == 401, f"{door}: {answer.status_code}"
        assert not any(name in answer.text for name in NAMES), f"{door}"
    assert rows() == before


def word(door: Door, shop: Shop, order: int) -> str:
    """A signed link of the kind that this page takes."""
    if "/feedback/" in str(door.rule):
        return feedback_links.token(shop, order)
    if "/unsubscribe/" in str(door.rule):
        return mail_links.token(shop, "nora.lindqvist@example.com")
    return links.token(shop, order)


def test_a_link_of_one_shop_opens_nothing_in_another(
    app: Flask, shop: Shop, order: int, other_storefront: Storefront, rows: Rows
) -> None:
    """It is answered like one that nobody has made."""
    before = rows()
    for door in doors(app, "storefront"):
        if "token" in door.blanks:
            answers = [visit(other_storefront, door, made) for made in (word(door, shop, order), "made-up")]
            assert answers[0] == answers[1], f"{door}"
            assert answers[0][0] in (404, 410), f"{door}: {answers[0][0]}"
    assert rows() == before


def visit(storefront: Storefront, door: Door, token: str) -> tuple[int, str]:
    rest()
    address = door.address({"token": token, "number": 1, "line_id": 50011, "product_id": 9001})
    answer = storefront._send(door.method, address.removeprefix("/proxy"))
    return answer.status_code, answer.text.replace(token, "")


def test_the_same_link_opens_its_page_in_its_own_shop(shop: Shop, order: int, storefront: Storefront) -> None:
    """Or the walk above would show nothing."""
    assert storefront.get(f"/orders/{links.token(shop, order)}").status_code == 200
    assert storefront.get(f"/unsubscribe/{mail_links.token(shop, 'nora.lindqvist@example.com')}").status_code == 200


def extension_token(secret: str = SECRET, key: str = KEY, shop: str = LUMEN, **back: float) -> str:
    return signing.extension_token(secret, key, shop, 7001, clock.now() - timedelta(**back))


FALSE_TOKENS: dict[str, Callable[[], str]] = {
    "none": lambda: "",
    "nonsense": lambda: "x.y.z",
    "signed by somebody else": lambda: extension_token("h" * 32),
    "run out": lambda: extension_token(minutes=10),
    "from the future": lambda: extension_token(hours=-1),
    "for another app": lambda: extension_token(key="another-app"),
    "of staff": lambda: signing.id_token(SECRET, KEY, LUMEN, 7, clock.now()),
    "of a shop that has not installed it": lambda: extension_token(shop="nobody.myshopify.com"),
}


@pytest.mark.parametrize("token", FALSE_TOKENS)
def test_an_extension_without_a_buyers_token_is_told_nothing(
    app: Flask, client: FlaskClient, order: int, rows: Rows, token: str
) -> None:
    before = rows()
    for door in doors(app, "buyer"):
        given = {"Authorization": f"Bearer {FALSE_TOKENS[token]()}"}
        for where in ({"headers": given}, {"query_string": {"id_token": FALSE_TOKENS[token]()}}):
            answer = client.open(door.address({"number": order}), method=door.method, **where)
            assert (answer.status_code, any(name in answer.text for name in NAMES)) == (401, False), f"{door}"
    assert rows() == before


def test_a_buyer_is_told_of_another_buyers_order_as_of_none(
    app: Flask, client: FlaskClient, order: int, shop: Shop, other_shop: Shop, rows: Rows
) -> None:
    before = rows()
    for door in (one for one in doors(app, "buyer") if one.blanks):
        for domain in (LUMEN, SECOND):
            headers = {"Authorization": f"Bearer {extension_token(shop=domain)}"}
            told = [
                client.open(door.address({"number": number}), method=door.method, headers=headers)
                for number in (order, order + 1_000_000)
            ]
            assert (told[0].status_code, told[0].data) == (told[1].status_code, told[1].data), f"{door} {domain}"
            assert told[0].status_code == 404, f"{door} {domain}: {told[0].status_code}"
    seen = {"milestones": rows()["milestones"]}
    assert rows() | seen == before | seen, "only that the extension is at work was noticed"


def cookie(shop: Shop, **ahead: float) -> str:
    """Of a buyer who is logged in to this shop."""
    answer = Response()
    logins.enter(answer, shop, Login(7001, "token", "https://x.example", clock.now() + timedelta(**ahead), "id"))
    kept = SimpleCookie()
    for header in answer.headers.getlist("Set-Cookie"):
        kept.load(header)
    return kept[logins.ENTERED].value


COOKIES: dict[str, Callable[[Shop], str]] = {
    "none": lambda _: "",
    "made up": lambda _: "bWFkZSB1cA==",
    "of another shop": lambda other: cookie(other, hours=1),
    "run out": lambda other: cookie(other, hours=-1),
}


@pytest.mark.parametrize("kind", COOKIES)
@pytest.mark.parametrize("site", ["same-origin", "cross-site", ""])
def test_the_portal_opens_to_nobody_who_is_not_logged_in_to_this_shop(
    app: Flask, client: FlaskClient, order: int, other_shop: Shop, rows: Rows, kind: str, site: str
) -> None:
    before = rows()
    client.set_cookie(logins.ENTERED, COOKIES[kind](other_shop), path=logins.PATH)
    for door in doors(app, "customer"):
        address = door.address({"number": order, "wanted": 1})
        answer = client.open(address, method=door.method, headers={"Sec-Fetch-Site": site} if site else {})
        if door.method == "GET" or site == "same-origin":
            assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/portal/lumen-goods"), f"{door}"
        else:
            assert answer.status_code == 403, f"{door}"
    assert rows() == before


def test_another_site_cannot_make_a_logged_in_buyers_browser_do_anything(
    app: Flask, client: FlaskClient, order: int, shop: Shop, rows: Rows
) -> None:
    before = rows()
    client.set_cookie(logins.ENTERED, cookie(shop, hours=1), path=logins.PATH)
    for door in (one for one in doors(app, "customer") if one.method == "POST"):
        for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            answer = client.open(door.address({"number": order, "wanted": 1}), method="POST", headers=headers)
            assert answer.status_code == 403, f"{door}"
    assert rows() == before


def test_a_shop_that_uninstalled_the_app_shows_its_buyers_nothing(
    app: Flask, client: FlaskClient, merchant: Merchant, order: int, shop: Shop, rows: Rows
) -> None:
    query = sign(LUMEN, {})
    with transaction():
        shop.installed_at = None
    before = rows()
    for door in doors(app, "storefront", "buyer", "customer"):
        values = {"token": links.token(shop, order), "number": order, "line_id": 1, "product_id": 1, "wanted": 1}
        headers = {"Authorization": f"Bearer {extension_token()}", "Sec-Fetch-Site": "same-origin"}
        answer: Any = client.open(f"{door.address(values)}?{query}", method=door.method, headers=headers)
        assert answer.status_code in (401, 404), f"{door}: {answer.status_code}"
    assert rows() == before
