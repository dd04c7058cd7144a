"""Who is let in: merchants by the admin's token, visitors by the shop's signature, buyers by an extension's token."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from devstore import server, signing
from shopify_app import clock
from shopify_app.db import transaction
from shopify_app.shopify.guards import BOUNCES, RETRY
from shopify_app.shopify.models import Shop, find, named
from tests.conftest import KEY, LUMEN, SECOND, SECRET
from tests.shopify.conftest import bearer, id_token, settle

FRAME = f"frame-ancestors https://{LUMEN} https://admin.shopify.com;"
ADMIN = f"https://admin.shopify.com/store/lumen-goods/apps/{KEY}"


def opened(path: str = "/", shop: str = LUMEN, **query: str) -> str:
    """A page as the admin's frame asks for it."""
    return f"{path}?{urlencode({'embedded': '1', 'shop': shop, 'host': signing.host('lumen-goods')} | query)}"


# Merchants


def test_a_merchant_opens_the_app_inside_the_admin(client: FlaskClient, settled: Shop) -> None:
    page = client.get(opened(id_token=id_token()))
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert page.headers["Content-Security-Policy"].startswith(FRAME)
    assert "X-Frame-Options" not in page.headers


def test_a_script_of_the_page_asks_with_its_own_token(client: FlaskClient, settled: Shop) -> None:
    assert client.get("/import", **bearer(id_token())).json["is_running"] is False


def test_the_shop_is_the_one_of_the_token_whatever_the_address_says(
    app: Flask, client: FlaskClient, settled: Shop
) -> None:
    settle(app, SECOND)
    page = client.get(opened(shop=SECOND, id_token=id_token(LUMEN)))
    assert page.headers["Content-Security-Policy"].startswith(FRAME)
    assert SECOND not in page.text


@pytest.mark.parametrize("token", [None, "", "stale", "forged", "extension", "nonsense"])
def test_a_document_without_a_good_token_fetches_one_by_way_of_the_bounce_page(
    client: FlaskClient, settled: Shop, token: str | None
) -> None:
    answer = client.get(opened("/orders/7", note="a b&c", **({} if token is None else {"id_token": made(token)})))
    assert answer.status_code == 302
    there = urlsplit(answer.location)
    query = parse_qs(there.query)
    assert f"{there.scheme}://{there.netloc}{there.path}" == "https://aftercare.example.com/auth/bounce"
    assert (query["shop"], query["embedded"]) == ([LUMEN], ["1"])
    assert "id_token" not in answer.location
    back = urlsplit(query["shopify-reload"][0])
    assert f"{back.scheme}://{back.netloc}{back.path}" == "https://aftercare.example.com/orders/7"
    assert parse_qs(back.query)["note"] == ["a b&c"]


def made(kind: str) -> str:
    long_ago = datetime.now(UTC) - timedelta(minutes=3)
    return {
        "": "",
        "stale": id_token(at=long_ago),
        "forged": id_token(secret="h" * 32),
        "extension": signing.extension_token(SECRET, KEY, LUMEN, 7, datetime.now(UTC)),
        "nonsense": "x.y.z",
    }[kind]


def test_the_bounce_page_holds_app_bridge_and_nothing_else(client: FlaskClient, settled: Shop) -> None:
    bounce = client.get(client.get(opened()).location)
    assert bounce.status_code == 200
    assert re.findall(r'src="([^"]+)"', bounce.text) == ["https://cdn.shopify.com/shopifycloud/app-bridge.js"]
    assert f'content="{KEY}"' in bounce.text
    assert bounce.headers["Content-Security-Policy"].startswith(FRAME)
    assert "<body></body>" in bounce.text


def test_bounces_come_to_an_end(client: FlaskClient, settled: Shop) -> None:
    """App Bridge reloads with the query it was given, and this time something stays wrong."""
    address = opened()
    for _ in range(BOUNCES):
        answer = client.get(address)
        assert answer.status_code == 302
        address = parse_qs(urlsplit(answer.location).query)["shopify-reload"][0]
    final = client.get(address)
    assert final.status_code == 401
    assert final.headers["Content-Security-Policy"].startswith(FRAME)


@pytest.mark.parametrize("count", ["-1", "x", "١", "99999999999999999999", ""])
def test_a_made_up_count_of_bounces_is_no_count(client: FlaskClient, settled: Shop, count: str) -> None:
    assert "bounced%3D1" in client.get(opened(bounced=count)).location


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/",
        "//evil.example/",
        "https://evil.example/",
        "https://aftercare.example.com.evil.example/",
        "https://aftercare.example.com@evil.example/",
        "https://aftercare.example.com:444/",
        "http://aftercare.example.com/",
        "https:aftercare.example.com",
        "https://aftercare.example.com",
        "javascript:alert(1)//aftercare.example.com/",
        "\thttps://evil.example/",
        "https://[",
    ],
)
def test_the_bounce_page_leads_nowhere_else(client: FlaskClient, address: str) -> None:
    answer = client.get(f"/auth/bounce?{urlencode({'shop': LUMEN, 'shopify-reload': address})}")
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")


@pytest.mark.parametrize("shop", ["", "evil.example", f"{LUMEN}.evil.example", f"{LUMEN} https://evil.example"])
def test_the_bounce_page_is_framed_by_shops_only(client: FlaskClient, shop: str) -> None:
    query = {"shop": shop, "shopify-reload": "https://aftercare.example.com/"}
    answer = client.get(f"/auth/bounce?{urlencode(query)}")
    assert answer.status_code == 400
    assert "evil" not in str(answer.headers)


@pytest.mark.parametrize("token", ["stale", "forged", "extension", "nonsense"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_app_bridge_takes_a_new_token_and_asks_again(
    client: FlaskClient, settled: Shop, method: str, token: str
) -> None:
    answer = client.open("/import", method=method, **bearer(made(token)))
    assert answer.status_code == 401
    assert answer.headers[RETRY] == "1"
    assert "Location" not in answer.headers


def test_a_form_without_a_token_is_refused_and_asked_again(client: FlaskClient, settled: Shop) -> None:
    answer = client.post("/settings/switches", data={"confirmations": "on"})
    assert (answer.status_code, answer.headers[RETRY]) == (401, "1")


def test_a_document_may_come_with_the_token_in_its_header(client: FlaskClient, settled: Shop) -> None:
    """The other shape of App Bridge's reload: a fetch that wants the page."""
    page = client.get(opened(), **bearer(id_token(), **{"X-Shopify-Bounce": "1"}))
    assert (page.status_code, page.mimetype) == (200, "text/html")
    again = client.get(opened(), **bearer(made("stale"), **{"X-Shopify-Bounce": "1"}))
    assert again.status_code == 302


def test_a_merchant_outside_of_the_admin_is_sent_there(client: FlaskClient) -> None:
    assert client.get(f"/?shop={LUMEN}").location == ADMIN
    assert client.get(f"/?shop={LUMEN.upper()}&embedded=0").location == ADMIN


@pytest.mark.parametrize("shop", ["", "evil.example", "evil.example/x.myshopify.com", f"{LUMEN}\n"])
def test_nobody_is_sent_to_an_admin_that_is_none(client: FlaskClient, shop: str) -> None:
    answer = client.get(f"/?{urlencode({'shop': shop})}")
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_while_the_secret_rotates_a_merchant_notices_nothing(restarted: object, settled: Shop) -> None:
    new = restarted(api_secret="n" * 32, api_secret_old=SECRET).test_client()  # type: ignore[operator]
    assert new.get(opened(id_token=id_token(secret=SECRET))).status_code == 200
    assert new.get(opened(id_token=id_token(secret="n" * 32))).status_code == 200
    done = restarted(api_secret="n" * 32).test_client()  # type: ignore[operator]
    assert done.get(opened(id_token=id_token(secret=SECRET))).status_code == 302


@pytest.mark.parametrize("path", ["/orders/4711", "/no/such/page", "/messages/1/sending"])
def test_an_error_page_is_framed_by_the_shop_alone(client: FlaskClient, settled: Shop, path: str) -> None:
    page = client.get(opened(path, id_token=id_token()))
    assert page.status_code in (404, 405)
    assert page.headers["Content-Security-Policy"].startswith(FRAME)


def test_a_page_for_nobody_in_particular_is_framed_by_nobody(client: FlaskClient, shop: Shop) -> None:
    for path in ("/no/such/page", "/healthz", "/auth/callback"):
        answer = client.get(path)
        assert LUMEN not in str(answer.headers)
        assert answer.mimetype == "text/plain" or "frame-ancestors 'none'" in str(answer.headers)


# Visitors of the storefront


def through_the_shop(path: str = "/", shop: str = LUMEN, secret: str = SECRET, late: float = 0, **query: str) -> str:
    stamp = str(int(clock.now().timestamp() - late))
    own = {"logged_in_customer_id": "", "path_prefix": "/apps/aftercare", "timestamp": stamp}
    pairs = list(({"shop": shop} | own | query).items())
    return f"/proxy{path}?{urlencode([*pairs, ('signature', signing.proxy(secret, pairs))])}"


def test_a_visitor_comes_through_the_shop(client: FlaskClient, shop: Shop) -> None:
    page = client.get(through_the_shop())
    assert (page.status_code, page.mimetype) == (200, "application/liquid")
    assert page.headers["Content-Security-Policy"].startswith(f"frame-ancestors https://{LUMEN} ")
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize(
    "address",
    [
        lambda: f"/proxy/?shop={LUMEN}",
        lambda: through_the_shop(secret="h" * 32),
        lambda: through_the_shop(late=120),
        lambda: through_the_shop(late=-120),
        lambda: through_the_shop() + "&added=1",
        lambda: through_the_shop() + f"&shop={SECOND}",
        lambda: through_the_shop().replace(LUMEN, SECOND),
        lambda: through_the_shop(shop=SECOND),
        lambda: through_the_shop(shop="unknown.myshopify.com"),
        lambda: through_the_shop(shop="evil.example"),
        lambda: through_the_shop(shop=""),
    ],
    ids=[
        "bare",
        "forged",
        "late",
        "early",
        "added",
        "two shops",
        "moved",
        "not installed",
        "unknown",
        "no shop",
        "none",
    ],
)
def test_a_visitor_whom_no_shop_sent_sees_nothing(client: FlaskClient, shop: Shop, address: object) -> None:
    answer = client.get(address())  # type: ignore[operator]
    assert answer.status_code == 401
    assert "Lumen" not in answer.text


def test_a_shop_that_left_sends_no_visitors(client: FlaskClient, shop: Shop) -> None:
    with transaction():
        shop.installed_at = None
    assert client.get(through_the_shop()).status_code == 401


def test_a_merchant_may_move_the_storefront_pages(client: FlaskClient, shop: Shop) -> None:
    client.get(through_the_shop(path_prefix="/community/parcels"))
    found = find(LUMEN)
    assert found is not None
    assert found.proxy_path == "/community/parcels"


@pytest.mark.parametrize("prefix", ["", "apps", "/" + "x" * 200])
def test_a_place_that_is_none_is_not_learned(client: FlaskClient, shop: Shop, prefix: str) -> None:
    assert client.get(through_the_shop(path_prefix=prefix)).status_code == 200
    assert named(LUMEN).proxy_path == "/apps/aftercare"


@pytest.mark.parametrize("customer", ["seven", "٧", "-7", "7 ", "9" * 5000])
def test_a_customer_who_is_no_number_is_nobody(client: FlaskClient, shop: Shop, customer: str) -> None:
    assert client.get(through_the_shop(logged_in_customer_id=customer)).status_code == 200


# Buyers inside Shopify's own pages


def extension_token(shop: str = LUMEN) -> str:
    return signing.extension_token(SECRET, KEY, shop, 7, datetime.now(UTC))


def test_an_extension_asks_from_another_origin(client: FlaskClient, shop: Shop) -> None:
    allowed = client.options("/account/orders/1")
    assert allowed.status_code == 204
    assert allowed.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in allowed.headers["Access-Control-Allow-Headers"]
    answer = client.get("/account/orders/1", **bearer(extension_token()))
    assert answer.status_code == 404
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("token", ["", "stale", "nonsense"])
def test_an_extension_without_a_good_token_learns_so_across_origins(
    client: FlaskClient, shop: Shop, token: str
) -> None:
    answer = client.get("/account/orders/1", **bearer(made(token)))
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_admins_token_opens_no_buyers_page(client: FlaskClient, shop: Shop) -> None:
    assert client.get("/account/orders/1", **bearer(id_token())).status_code == 401


def test_a_buyers_token_opens_no_page_of_the_admin(client: FlaskClient, settled: Shop) -> None:
    assert client.get("/import", **bearer(extension_token())).status_code == 401
    assert client.get(opened(id_token=extension_token())).status_code == 302


def test_an_extension_of_a_shop_that_left_gets_nothing(client: FlaskClient, shop: Shop) -> None:
    assert client.get("/account/orders/1", **bearer(extension_token(SECOND))).status_code == 401


# Shopify's own front


def test_the_admin_on_this_machine_opens_the_app(shopify: server.Running, client: FlaskClient) -> None:
    page = client.get(shopify.open_app(LUMEN).removeprefix(shopify.app_url))
    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"].startswith(f"frame-ancestors https://{LUMEN} {shopify.url};")


def test_the_storefront_on_this_machine_reaches_the_app(shopify: server.Running, installed: Shop) -> None:
    page = requests.get(f"{shopify.storefront_url(LUMEN)}/apps/aftercare/", timeout=10)
    assert page.status_code == 200
    assert requests.get(f"{shopify.storefront_url(SECOND)}/apps/aftercare/", timeout=10).status_code == 401
