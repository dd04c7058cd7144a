"""How a merchant gets into the app, and how nobody else does."""

import time
from collections.abc import Callable
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from devstore import server, signing
from shopify_app import clock
from shopify_app.db import db, rest, transaction
from shopify_app.orders import record
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from tests import orders
from tests.conftest import KEY, LUMEN, SECOND, SECRET
from tests.home.conftest import Merchant

RETRY = "X-Shopify-Retry-Invalid-Session-Request"
OUR_URL = "https://aftercare.example.com"


def frames(answer: TestResponse) -> str:
    """Who may show this answer in a frame."""
    return answer.headers["Content-Security-Policy"].partition(";")[0]


def of_shop(domain: str, admin: str = "https://admin.shopify.com") -> str:
    return f"frame-ancestors https://{domain} {admin}"


@pytest.fixture
def stranger(client: FlaskClient) -> Merchant:
    """Staff of a shop that has never opened the app."""
    return Merchant(client, LUMEN)


def test_a_merchant_who_opens_the_app_for_the_first_time_has_installed_it(
    shopify: server.Running, stranger: Merchant
) -> None:
    shopify.approve(LUMEN)
    answer = stranger.opens()
    assert answer.status_code == 200
    assert "Aftercare is about to read the orders" in answer.text
    assert frames(answer) == of_shop(LUMEN, shopify.url)
    rest()
    shop = shops.named(LUMEN)
    assert shop.is_installed
    assert shop.access_token and shop.refresh_token


def test_the_first_page_comes_while_the_admin_api_is_down(shopify: server.Running, stranger: Merchant) -> None:
    shopify.approve(LUMEN)
    shopify.faults.graphql.outage = True
    assert stranger.opens().status_code == 200


def test_a_page_loads_app_bridge_before_anything_else(merchant: Merchant) -> None:
    answer = merchant.opens()
    head = answer.text[answer.text.index("<head>") : answer.text.index("</head>")]
    key = f'<meta name="shopify-api-key" content="{KEY}">'
    bridge = '<script src="https://cdn.shopify.com/shopifycloud/app-bridge.js"></script>'
    polaris = '<script src="https://cdn.shopify.com/shopifycloud/polaris-1.js"></script>'
    assert -1 < head.index(key) < head.index(bridge) < head.index(polaris)
    assert head.index("<script") == head.index(bridge)
    assert 'app-bridge.js>; rel="preload"; as="script"' in answer.headers["Link"]
    assert "Set-Cookie" not in answer.headers


def test_links_keep_what_a_reload_needs_and_no_token(merchant: Merchant) -> None:
    page = merchant.opens(bounced="1").text
    links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
    own = [link for link in links if link.startswith("/") and not link.startswith("/static/")]
    assert len(own) >= 4
    for link in own:
        kept = dict(parse_qsl(urlsplit(link).query))
        assert kept == merchant.frame


@pytest.mark.parametrize("token", ["", "nonsense", "expired", "of another app", "of another secret"])
def test_a_page_without_a_good_token_fetches_one_by_a_bounce(merchant: Merchant, token: str) -> None:
    tokens = {
        "expired": signing.id_token(SECRET, KEY, LUMEN, 7, clock.now()),
        "of another app": signing.id_token(SECRET, "another", LUMEN, 7, clock.now()),
        "of another secret": signing.id_token("another-secret-of-32-characters-", KEY, LUMEN, 7, clock.now()),
    }
    given = tokens.get(token, token)
    if token == "expired":
        claims = jwt.decode(given, SECRET, ["HS256"], audience=KEY)
        claims |= {"exp": claims["exp"] - 120, "nbf": claims["nbf"] - 120}
        given = jwt.encode(claims, SECRET, "HS256")
    answer = merchant.visits("/messages", **({"id_token": given} if given else {}))
    assert answer.status_code == 302
    to = urlsplit(answer.location)
    assert f"{to.scheme}://{to.netloc}{to.path}" == f"{OUR_URL}/auth/bounce"
    query = parse_qs(to.query)
    reload = urlsplit(query["shopify-reload"][0])
    assert reload.path == "/messages"
    assert dict(parse_qsl(reload.query)) == merchant.frame | {"bounced": "1"}
    assert "id_token" not in query

    page = merchant.asks("GET", f"{to.path}?{to.query}")
    assert page.status_code == 200
    assert frames(page) == of_shop(LUMEN)
    assert page.text.count("<script") == 1
    assert "app-bridge.js" in page.text
    assert merchant.opens("/messages", bounced="1").status_code == 200


@pytest.mark.parametrize(
    "reload",
    [
        "",
        "/messages",
        "https://evil.example.com/",
        "//evil.example.com/",
        "https://aftercare.example.com.evil.example.com/",
        "https://aftercare.example.com@evil.example.com/",
        "https://user@aftercare.example.com/",
        "https://aftercare.example.com\\@evil.example.com/",
        "http://aftercare.example.com/",
        "javascript:alert(1)//aftercare.example.com/",
        "https://aftercare.example.com",
        "https://[",
    ],
)
def test_a_bounce_leads_nowhere_but_to_us(client: FlaskClient, reload: str) -> None:
    answer = client.get("/auth/bounce", query_string={"shop": LUMEN, "shopify-reload": reload})
    assert answer.status_code == 400
    assert answer.mimetype == "text/plain"


def test_a_bounce_that_names_two_goals_or_no_shop_is_refused(client: FlaskClient) -> None:
    twice = [("shop", LUMEN), ("shopify-reload", f"{OUR_URL}/"), ("shopify-reload", "https://evil.example.com/")]
    assert client.get(f"/auth/bounce?{urlencode(twice)}").status_code == 400
    for shop in ("", "evil.example.com", f"{LUMEN}.evil.example.com", f"evil.example.com/{LUMEN}", f"{LUMEN};x"):
        assert (
            client.get("/auth/bounce", query_string={"shop": shop, "shopify-reload": f"{OUR_URL}/"}).status_code == 400
        )


def test_bounces_that_never_end_end_in_a_page_that_says_so(merchant: Merchant) -> None:
    answer = merchant.visits()
    for _ in range(2):
        reload = parse_qs(urlsplit(answer.location).query)["shopify-reload"][0]
        answer = merchant.asks("GET", reload.removeprefix(OUR_URL))
        assert answer.status_code == 302
    reload = parse_qs(urlsplit(answer.location).query)["shopify-reload"][0]
    answer = merchant.asks("GET", reload.removeprefix(OUR_URL))
    assert answer.status_code == 401
    assert "Shopify did not tell us who you are" in answer.text
    assert frames(answer) == of_shop(LUMEN)


def test_a_script_without_a_good_token_is_told_to_take_a_new_one(merchant: Merchant) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}):
        answer = merchant.sends("/settings/switches", {"confirmations": "on"}, headers=headers)
        assert answer.status_code == 401
        assert answer.headers[RETRY] == "1"
        assert answer.data == b""


def test_a_bounce_of_app_bridge_gets_the_page_itself(merchant: Merchant) -> None:
    headers = {"Authorization": f"Bearer {merchant.token}", "X-Shopify-Bounce": "1"}
    answer = merchant.asks("GET", "/", query_string=merchant.frame, headers=headers)
    assert answer.status_code == 200
    assert "<s-page" in answer.text
    headers["Authorization"] = "Bearer stale"
    assert merchant.asks("GET", "/", query_string=merchant.frame, headers=headers).status_code == 302


def test_whoever_comes_from_outside_the_admin_is_shown_in(merchant: Merchant) -> None:
    answer = merchant.asks("GET", "/", query_string={"shop": LUMEN})
    assert answer.status_code == 302
    assert answer.location == f"https://admin.shopify.com/store/lumen-goods/apps/{KEY}"
    lost = merchant.asks("GET", "/", query_string={"shop": "evil.example.com"})
    assert (lost.status_code, lost.mimetype) == (400, "text/plain")


def test_a_token_of_another_shop_opens_only_that_shop(merchant: Merchant, neighbour: Merchant) -> None:
    answer = merchant.asks("GET", "/", query_string=merchant.frame | {"id_token": neighbour.token})
    assert frames(answer) == of_shop(SECOND)
    assert LUMEN not in answer.text


@pytest.mark.parametrize("host", ["https://evil.example.com/admin", f"https://{SECOND}/admin"])
def test_a_token_whose_issuer_is_another_shop_is_no_token(merchant: Merchant, host: str) -> None:
    claims = jwt.decode(merchant.token, SECRET, ["HS256"], audience=KEY) | {"iss": host}
    forged = jwt.encode(claims, SECRET, "HS256")
    assert merchant.visits(id_token=forged).status_code == 302


def test_the_old_secret_opens_the_app_while_a_rotation_is_under_way(
    merchant: Merchant, configure: Callable[..., None]
) -> None:
    configure(api_secret="the-new-secret-of-thirty-two-char", api_secret_old=SECRET)
    assert merchant.opens().status_code == 200


def test_when_shopify_does_not_answer_at_the_install_the_page_says_so(
    shopify: server.Running, stranger: Merchant
) -> None:
    shopify.approve(LUMEN)
    shopify.faults.token.outage = True
    answer = stranger.opens()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Shopify does not answer" in answer.text
    assert frames(answer) == of_shop(LUMEN, shopify.url)
    shopify.faults.token.outage = False
    assert stranger.opens().status_code == 200


def test_a_token_that_shopify_does_not_take_bounces_and_tells_scripts_to_retry(
    shopify: server.Running, stranger: Merchant
) -> None:
    """The app is not installed at Shopify, whatever the token says."""
    assert stranger.opens().status_code == 302
    answer = stranger.sends("/settings/switches", {"confirmations": "on"})
    assert (answer.status_code, answer.headers[RETRY]) == (401, "1")


# Errors, inside the frame and outside of it.


def test_what_is_not_there_is_a_page_in_the_frame_and_plain_text_elsewhere(merchant: Merchant) -> None:
    for path in ("/orders/99", "/nowhere"):
        answer = merchant.opens(path)
        assert answer.status_code == 404
        assert "Not found" in answer.text and "<s-page" in answer.text
        assert frames(answer) == of_shop(LUMEN)
    plain = merchant.asks("GET", "/nowhere")
    assert (plain.status_code, plain.mimetype, plain.text) == (404, "text/plain", "Not Found\n")


def test_a_shop_that_is_none_frames_nothing(merchant: Merchant) -> None:
    answer = merchant.asks("GET", "/nowhere", query_string={"embedded": "1", "shop": "evil.example.com"})
    assert answer.mimetype == "text/plain"
    answer = merchant.asks(
        "GET", "/nowhere", query_string={"embedded": "1", "shop": f"{LUMEN} https://evil.example.com"}
    )
    assert answer.mimetype == "text/plain"


def test_a_visitor_of_the_storefront_never_gets_a_page_of_the_admin(merchant: Merchant) -> None:
    query = merchant.frame | {"signature": "0" * 64, "path_prefix": "/apps/aftercare"}
    answer = merchant.asks("GET", "/proxy/nowhere", query_string=query)
    assert "app-bridge" not in answer.text


def test_a_wrong_method_is_a_page_that_still_tells_the_right_one(merchant: Merchant) -> None:
    answer = merchant.opens("/search")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert frames(answer) == of_shop(LUMEN)


def test_too_much_at_once_is_said_to_the_script_in_words(merchant: Merchant) -> None:
    answer = merchant.sends("/settings/switches", {"confirmations": "x" * 2_000_000})
    assert answer.status_code == 413
    assert answer.json == {"toast": "That is more than Aftercare can take at once.", "is_error": True}


def test_a_fault_of_ours_is_a_page_without_details(app: Flask, merchant: Merchant, shop: Shop) -> None:
    """An order whose encrypted part was copied from elsewhere does not open."""
    with transaction():
        record.order(shop.id, orders.order(), clock.now())
        db.session.execute(db.text("UPDATE orders SET person = :junk"), {"junk": b"junk-junk-junk-junk"})
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        answer = merchant.opens("/orders/4711")
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
    assert answer.status_code == 500
    assert "The fault is ours" in answer.text
    assert "junk" not in answer.text and "Traceback" not in answer.text
    assert frames(answer) == of_shop(LUMEN)


# The second way in: the authorization code grant.


def signed(**params: str) -> dict[str, str]:
    params = {"shop": LUMEN, "timestamp": str(int(time.time()))} | params
    return params | {"hmac": signing.query(SECRET, params)}


def begin(client: FlaskClient, **params: str) -> TestResponse:
    return client.get("/auth", query_string=signed(**params))


def back(store: server.Running, client: FlaskClient) -> dict[str, str]:
    """The merchant agrees; what Shopify sends the browser back with."""
    started = begin(client)
    assert started.status_code == 302
    answer = requests.get(started.location, allow_redirects=False, timeout=5)
    assert answer.status_code == 302
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def test_the_grant_installs_and_leads_into_the_admin(shopify: server.Running, client: FlaskClient) -> None:
    answer = client.get("/auth/callback", query_string=back(shopify, client))
    assert answer.status_code == 302
    assert answer.location == f"{shopify.url}/store/lumen-goods/apps/{KEY}"
    assert shops.named(LUMEN).is_installed
    assert Merchant(client, LUMEN).opens().status_code == 200


def test_the_grant_leaves_the_frame_first(client: FlaskClient) -> None:
    answer = begin(client, embedded="1")
    assert answer.status_code == 200
    assert '"_top"' in answer.text
    assert f"https://{LUMEN}/admin/oauth/authorize?" in answer.text
    assert frames(answer) == of_shop(LUMEN)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"shop": LUMEN, "timestamp": "1"},
        signed() | {"hmac": "0" * 64},
        signed() | {"hmac": "ü"},
        signed() | {"shop": SECOND},
        signed(timestamp="1700000000"),
        signed(timestamp="١٧"),
        signed(shop="evil.example.com"),
        signed(shop=f"{LUMEN}.evil.example.com"),
        signed(shop=f"evil.example.com/{LUMEN}"),
        signed(shop=f"{LUMEN}\n"),
    ],
)
def test_a_grant_that_shopify_did_not_sign_does_not_begin(client: FlaskClient, query: dict[str, str]) -> None:
    answer = client.get("/auth", query_string=query)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert client.get("/auth/callback", query_string=query).status_code == 400


def test_the_grant_ends_only_in_the_browser_that_began_it(shopify: server.Running, app: Flask) -> None:
    query = back(shopify, app.test_client())
    assert app.test_client().get("/auth/callback", query_string=query).status_code == 400


def test_the_grant_ends_only_for_the_shop_that_began_it(shopify: server.Running, client: FlaskClient) -> None:
    query = back(shopify, client)
    forged = signed(shop=SECOND, code=query["code"], state=query["state"])
    assert client.get("/auth/callback", query_string=forged).status_code == 400


def test_a_state_of_ones_own_making_is_refused(shopify: server.Running, client: FlaskClient) -> None:
    query = back(shopify, client)
    forged = signed(code=query["code"], state="another")
    assert client.get("/auth/callback", query_string=forged).status_code == 400
    assert client.get("/auth/callback", query_string=signed(state=query["state"])).status_code == 400


def test_a_code_that_was_used_does_not_install_again(shopify: server.Running, client: FlaskClient) -> None:
    query = back(shopify, client)
    assert client.get("/auth/callback", query_string=query).status_code == 302
    assert client.get("/auth/callback", query_string=query).status_code == 400
