"""Shopify's own Node library, the store on this machine and the app agree on every signature, in both directions."""

import json
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devstore import signing
from shopify_app.shopify import session_token, signature
from tests.setup import node

KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
SECRET, OLD = "hush" * 8, "hist" * 8
SHOP = "lumen-goods.myshopify.com"

texts = st.text(st.characters(codec="utf-8"), max_size=40)
names = st.from_regex(r"[a-z][a-z_]{0,11}", fullmatch=True).filter(
    lambda name: name not in {"hmac", "signature", "shop", "timestamp", "host", "state", "code"}
)
# Values hold no "~" and no "*": Shopify's Ruby, Node and Python libraries each escape these in another way.
plain = st.text(st.characters(codec="utf-8", exclude_characters="~*"), max_size=40)
often = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Library:
    """The Node process with Shopify's library in it."""

    def __init__(self, secret: str) -> None:
        self.process = subprocess.Popen(
            ["node", node.ROOT / "tests/node/shopify.mjs", KEY, secret],
            env=node.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, does: str, **question: Any) -> Any:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"does": does, **question}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    started = Library(SECRET)
    yield started
    started.process.communicate()
    assert started.process.returncode == 0


def webhook_headers(hmac: str) -> dict[str, str]:
    return {
        "X-Shopify-Hmac-Sha256": hmac,
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-API-Version": "2026-10",
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    }


def callback(more: dict[str, str]) -> dict[str, str]:
    own = {"code": "c0de", "host": signing.host("lumen-goods"), "shop": SHOP, "state": "n0nce"}
    return more | own | {"timestamp": str(int(time.time()))}


def proxied(more: list[tuple[str, str]], customer: str) -> list[tuple[str, str]]:
    own = [("shop", SHOP), ("logged_in_customer_id", customer), ("path_prefix", "/apps/aftercare")]
    return [*more, *own, ("timestamp", str(int(time.time())))]


def grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    """As the library takes repeated parameters."""
    return {name: [value for other, value in pairs if other == name] for name, _ in pairs}


@often
@given(body=texts.filter(bool))
def test_shopify_accepts_the_webhooks_that_the_store_signs(library: Library, body: str) -> None:
    hmac = signing.webhook(SECRET, body.encode())
    assert library("checkWebhook", body=body, headers=webhook_headers(hmac)) is True
    assert library("checkWebhook", body=f"{body} ", headers=webhook_headers(hmac)) == "invalid_hmac"


@often
@given(body=texts)
def test_the_app_accepts_the_webhooks_that_shopify_signs(library: Library, body: str) -> None:
    hmac = library("signWebhook", body=body)
    assert signature.webhook(body.encode(), hmac, [SECRET])
    assert signature.webhook(body.encode(), hmac, [OLD, SECRET])
    assert not signature.webhook(body.encode(), hmac, [OLD])
    assert not signature.webhook(body.encode() + b" ", hmac, [SECRET])


@often
@given(more=st.dictionaries(names, plain, max_size=4))
def test_shopify_accepts_the_callbacks_that_the_store_signs(library: Library, more: dict[str, str]) -> None:
    params = callback(more)
    hmac = signing.query(SECRET, params)
    assert library("checkQuery", query=urlencode(params | {"hmac": hmac})) is True
    assert library("checkQuery", query=urlencode(params | {"hmac": hmac, "shop": "x.myshopify.com"})) is False


@often
@given(more=st.dictionaries(names, plain, max_size=4))
def test_the_app_accepts_the_callbacks_that_shopify_signs(library: Library, more: dict[str, str]) -> None:
    params = callback(more)
    pairs = [*params.items(), ("hmac", library("signQuery", params=params))]
    assert signature.query(pairs, [OLD, SECRET], time.time()) == params
    assert signature.query(pairs, [OLD], time.time()) is None
    assert signature.query([*pairs, ("extra", "1")], [SECRET], time.time()) is None
    assert signature.query(pairs, [SECRET], time.time() + 100) is None


@often
@given(more=st.lists(st.tuples(names, texts), max_size=5), customer=st.sampled_from(["", "7"]))
def test_shopify_accepts_the_proxy_requests_that_the_store_signs(
    library: Library, more: list[tuple[str, str]], customer: str
) -> None:
    pairs = proxied(more, customer)
    signed = [*pairs, ("signature", signing.proxy(SECRET, pairs))]
    assert library("checkProxy", query=urlencode(signed)) is True
    assert library("checkProxy", query=urlencode([*signed, ("extra", "1")])) is False


@often
@given(more=st.lists(st.tuples(names, texts), max_size=5), customer=st.sampled_from(["", "7"]))
def test_the_app_accepts_the_proxy_requests_that_shopify_signs(
    library: Library, more: list[tuple[str, str]], customer: str
) -> None:
    pairs = proxied(more, customer)
    query = urlencode([*pairs, ("signature", library("signProxy", params=grouped(pairs)))])
    taken = signature.proxy(query, [OLD, SECRET], time.time())
    assert taken is not None
    assert taken == {name: ",".join(values) for name, values in grouped(pairs).items()}
    assert signature.proxy(query, [OLD], time.time()) is None
    assert signature.proxy(f"{query}&extra=1", [SECRET], time.time()) is None
    assert signature.proxy(query, [SECRET], time.time() + 100) is None


@often
@given(staff=st.integers(1, 2**53), customer=st.none() | st.integers(1, 2**53))
def test_shopify_reads_the_tokens_that_the_store_signs(library: Library, staff: int, customer: int | None) -> None:
    merchant = library("checkToken", token=signing.id_token(SECRET, KEY, SHOP, staff, datetime.now(UTC)))
    assert (merchant["dest"], merchant["aud"], merchant["sub"]) == (f"https://{SHOP}", KEY, str(staff))
    buyer = library("checkToken", token=signing.extension_token(SECRET, KEY, SHOP, customer, datetime.now(UTC)))
    assert buyer["dest"] == SHOP
    assert buyer.get("sub") == (customer and f"gid://shopify/Customer/{customer}")


@often
@given(staff=st.integers(1, 2**53))
def test_the_app_reads_the_tokens_that_shopify_signs(library: Library, staff: int) -> None:
    token = library("signToken", store="lumen-goods", claims={"sub": str(staff)})
    merchant = session_token.merchant(token, KEY, [OLD, SECRET])
    assert (merchant.shop, merchant.user) == (SHOP, str(staff))
    for key, secret in [("another app", SECRET), (KEY, OLD)]:
        with pytest.raises(session_token.TokenError):
            session_token.merchant(token, key, [secret])


def test_shopify_and_the_app_refuse_the_same_tokens(library: Library) -> None:
    now = int(time.time())
    for claims in [{"exp": now - 20}, {"nbf": now + 20}, {"aud": "another app"}]:
        token = library("signToken", store="lumen-goods", claims=claims)
        assert "refused" in library("checkToken", token=token)
        with pytest.raises(session_token.TokenError):
            session_token.merchant(token, KEY, [SECRET])


def test_shopify_and_the_app_refuse_a_proxy_request_with_two_shops(library: Library) -> None:
    pairs = [*proxied([], ""), ("shop", "second-shop.myshopify.com")]
    query = urlencode([*pairs, ("signature", signing.proxy(SECRET, pairs))])
    assert "refused" in library("checkProxy", query=query)
    assert signature.proxy(query, [SECRET], time.time()) is None


def test_the_store_and_shopify_make_the_same_signatures(library: Library) -> None:
    """The fixed vectors, by three hands."""
    body = '{"id":1,"email":"a@example.com"}'
    assert library("signWebhook", body=body) == signing.webhook(SECRET, body.encode())
    reviews = parse_qsl("extra=1&extra=2&logged_in_customer_id=&path_prefix=%2Fapps%2Fx", keep_blank_values=True)
    assert library("signProxy", params=grouped(reviews)) == signing.proxy(SECRET, reviews)
    note = {"embedded": "1", "locale": "en", "note": "a b=c&d", "shop": SHOP}
    assert library("signQuery", params=note) == signing.query(SECRET, note)
