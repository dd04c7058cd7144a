"""The second way in: the authorization code grant, and every way of slipping into it."""

from collections.abc import Callable
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from devstore import server, signing
from shopify_app import clock
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.models import find, named
from tests.conftest import KEY, LUMEN, SECOND, SECRET, Clock


def signed(params: dict[str, str], secret: str = SECRET) -> str:
    """A query as Shopify signs it now."""
    dated = {"timestamp": str(int(clock.now().timestamp()))} | params
    return urlencode(dated | {"hmac": signing.query(secret, dated)})


def begin(client: FlaskClient, **more: str) -> TestResponse:
    return client.get(f"/auth?{signed({'shop': LUMEN} | more)}")


def consent(begun: TestResponse) -> str:
    """The merchant agrees at Shopify: the address of our callback."""
    answer = requests.get(begun.location, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def resigned(address: str, **changes: str | None) -> str:
    """The same callback with something changed, signed again as only Shopify could."""
    params = dict(parse_qsl(urlsplit(address).query)) | changes
    return (
        f"/auth/callback?{signed({name: text for name, text in params.items() if text is not None and name != 'hmac'})}"
    )


def is_refused(answer: TestResponse) -> bool:
    found = find(LUMEN)
    return answer.status_code == 400 and not (found is not None and found.is_installed)


def test_a_merchant_may_come_without_the_admin(shopify: server.Running, client: FlaskClient, app: Flask) -> None:
    begun = begin(client)
    asked = parse_qs(urlsplit(begun.location).query)
    assert begun.location.startswith(f"{shopify.url}/{LUMEN}/admin/oauth/authorize?")
    assert asked["client_id"] == [KEY]
    assert asked["scope"] == [app.extensions["scopes"]]
    assert asked["redirect_uri"] == [f"{shopify.app_url}/auth/callback"]
    done = client.get(consent(begun))
    assert (done.status_code, done.location) == (302, f"{shopify.url}/store/lumen-goods/apps/{KEY}")
    shop = named(LUMEN)
    assert AdminApi(shop).run("shopify/shop")["shop"]["name"] == "Lumen Goods"
    assert shop.refresh_token is not None


def test_the_grant_leaves_the_frame_first(shopify: server.Running, client: FlaskClient) -> None:
    page = begin(client, embedded="1")
    assert page.status_code == 200
    assert f"{shopify.url}/{LUMEN}/admin/oauth/authorize" in page.text
    assert page.headers["Content-Security-Policy"].startswith(f"frame-ancestors https://{LUMEN} ")


def test_the_state_is_kept_from_scripts_and_from_other_sites(client: FlaskClient) -> None:
    cookie = begin(client).headers["Set-Cookie"]
    assert {"HttpOnly", "Secure", "SameSite=None", "Path=/auth", "Max-Age=60"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    "query",
    [
        lambda: "",
        lambda: f"shop={LUMEN}",
        lambda: signed({"shop": LUMEN}, secret="h" * 32),
        lambda: signed({"shop": LUMEN, "timestamp": str(int(clock.now().timestamp()) - 100)}),
        lambda: signed({"shop": "evil.example"}),
        lambda: signed({"shop": f"{LUMEN}.evil.example"}),
        lambda: signed({"shop": f"{LUMEN}\n"}),
        lambda: signed({"shop": f"evil.example/{LUMEN}"}),
        lambda: signed({"host": signing.host("lumen-goods")}),
        lambda: f"{signed({'shop': LUMEN})}&shop={SECOND}",
    ],
    ids=["empty", "bare", "forged", "old", "evil", "longer", "line", "path", "no shop", "two shops"],
)
def test_a_grant_that_shopify_did_not_ask_for_does_not_begin(
    shopify: server.Running, client: FlaskClient, query: Callable[[], str]
) -> None:
    answer = client.get(f"/auth?{query()}")
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_a_callback_without_the_browser_that_began_is_refused(shopify: server.Running, app: Flask) -> None:
    """Somebody is handed a link to a callback: their browser holds no state."""
    back = consent(begin(app.test_client()))
    assert is_refused(app.test_client().get(back))


def test_a_callback_with_the_state_of_another_visit_is_refused(shopify: server.Running, client: FlaskClient) -> None:
    first = consent(begin(client))
    begin(client)
    assert is_refused(client.get(first))


def test_a_callback_for_another_shop_is_refused(shopify: server.Running, client: FlaskClient) -> None:
    assert is_refused(client.get(resigned(consent(begin(client)), shop=SECOND)))
    assert find(SECOND) is None


@pytest.mark.parametrize(
    "change",
    [{"state": None}, {"state": ""}, {"state": "guessed"}, {"code": None}, {"code": ""}, {"shop": "evil.example"}],
)
def test_a_callback_that_lacks_something_is_refused(
    shopify: server.Running, client: FlaskClient, change: dict[str, str | None]
) -> None:
    assert is_refused(client.get(resigned(consent(begin(client)), **change)))


def test_a_callback_that_shopify_did_not_sign_is_refused(shopify: server.Running, client: FlaskClient) -> None:
    back = consent(begin(client))
    assert is_refused(client.get(back.replace("hmac=", "hmac=0")))
    assert is_refused(client.get(back.replace("code=", "code=0")))
    assert is_refused(client.get(back + "&extra=1"))


def test_a_grant_that_takes_too_long_is_refused(shopify: server.Running, client: FlaskClient, clock: Clock) -> None:
    back = consent(begin(client))
    clock.forward(seconds=65)
    assert is_refused(client.get(resigned(back, timestamp=None)))


def test_a_code_works_once(shopify: server.Running, client: FlaskClient) -> None:
    begun = begin(client)
    back = consent(begun)
    assert client.get(back).status_code == 302
    cookie = begun.headers["Set-Cookie"].split(";")[0].partition("=")
    client.set_cookie(cookie[0], cookie[2], path="/auth")
    again = client.get(back)
    assert (again.status_code, again.mimetype) == (400, "text/plain")
    assert AdminApi(named(LUMEN)).run("shopify/shop")["shop"]["name"] == "Lumen Goods"


def test_a_merchant_is_told_to_try_again_when_shopify_does_not_answer(
    shopify: server.Running, client: FlaskClient
) -> None:
    back = consent(begin(client))
    shopify.faults.token.outage = True
    answer = client.get(back)
    assert answer.status_code == 502
    assert "try again" in answer.text
