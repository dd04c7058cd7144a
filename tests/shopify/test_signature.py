"""Shopify's three signatures: its fixed vectors, what surrounds them, and what anybody else may try."""

import base64
import hmac
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devstore import signing
from shopify_app.shopify import signature

SECRET, OLD, STRANGE = "hush", "hush before the rotation", "somebody else's"
SHOP = "some-shop.myshopify.com"
BODY = b'{"id":1,"email":"a@example.com"}'
BODY_HMAC = "SnRPygpSlvOBkfX6XdQZR4cL4GiE8A3prXrBdoz9iBA="

CALLBACK = (
    "code=0907a61c0c8d55e99db179b68161bc00&host=YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvc29tZS1zaG9w"
    f"&shop={SHOP}&state=0.6784241404160823&timestamp=1337178173"
)
CALLBACK_HMAC = "9fe3d5ea81959305fd96bd3d2d44e878654e753bc8e455b5369c15a009412163"
NOTE = f"embedded=1&locale=en&note=a%20b%3Dc%26d&shop={SHOP}&timestamp=1337178173"
NOTE_HMAC_ENCODED = "28dfd11c4065ad3ac6e5931f5bc616e00292e058e22ff9f618c0c07d0e4920d1"
NOTE_HMAC_DECODED = "1a9c0fc5388c6a13784261f3aaf32a30cdad75c60e14085b121d973b31780ebb"
SIGNED_AT = 1337178173

REVIEWS = (
    f"extra=1&extra=2&shop={SHOP}&logged_in_customer_id=1&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555"
)
REVIEWS_SIGNATURE = "5e2178f38200aed046f7944c03c410698b34595edb3968b0e3ab8d4db12f142f"
ANONYMOUS = f"shop={SHOP}&logged_in_customer_id=&path_prefix=%2Fapps%2Fx&timestamp=1317327555"
ANONYMOUS_SIGNATURE = "ed9a4830a07671915839fc3d5de9dff899b7a8c7b13e273adee138fb67bfbe66"
PROXIED_AT = 1317327555

texts = st.text(st.characters(codec="utf-8"), max_size=40)
own_names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(
    lambda name: name not in {"hmac", "signature", "shop", "timestamp"}
)


def callback(query: str, digest: str, now: float = SIGNED_AT) -> dict[str, str] | None:
    pairs = parse_qsl(f"{query}&hmac={digest}", keep_blank_values=True)
    return signature.query(pairs, [SECRET], now)


def proxied(query: str, digest: str, now: float = PROXIED_AT) -> dict[str, str] | None:
    return signature.proxy(f"{query}&signature={digest}", [SECRET], now)


# Webhooks


def test_a_webhook_of_shopify_is_known_by_its_raw_bytes() -> None:
    assert signature.webhook(BODY, BODY_HMAC, [SECRET])
    assert not signature.webhook(BODY + b"\n", BODY_HMAC, [SECRET])
    assert not signature.webhook(BODY, BODY_HMAC, [STRANGE])


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "=",
        "not base64",
        BODY_HMAC[:-2],
        BODY_HMAC + "=",
        f" {BODY_HMAC}",
        BODY_HMAC.replace("Z", "Ź"),
        "ключ",
        "\x00",
        base64.b64decode(BODY_HMAC).hex(),
        base64.urlsafe_b64encode(b"\xff" * 32).decode(),
    ],
)
def test_a_header_that_is_no_signature_is_refused_without_a_fuss(header: str | None) -> None:
    assert signature.webhook(BODY, header, [SECRET]) is False


def test_while_the_secret_rotates_both_sign() -> None:
    signed_before = base64.b64encode(hmac.digest(OLD.encode(), BODY, "sha256")).decode()
    assert signature.webhook(BODY, signed_before, [SECRET, OLD])
    assert signature.webhook(BODY, BODY_HMAC, [SECRET, OLD])
    assert not signature.webhook(BODY, signed_before, [SECRET])


def test_a_signature_of_another_kind_is_no_signature_of_a_webhook() -> None:
    """The same secret signs a query in hex; as base64 it must not pass."""
    digest = hmac.digest(SECRET.encode(), BODY, "sha256")
    assert not signature.webhook(BODY, digest.hex(), [SECRET])


@given(body=st.binary(max_size=200), changed=st.binary(max_size=200))
def test_only_the_body_that_was_signed_passes(body: bytes, changed: bytes) -> None:
    header = signing.webhook(SECRET, body)
    assert signature.webhook(body, header, [OLD, SECRET])
    assert signature.webhook(changed, header, [SECRET]) == (changed == body)


@given(header=st.text(max_size=60))
def test_no_header_of_any_signs_breaks_the_check(header: str) -> None:
    assert signature.webhook(BODY, header, [SECRET]) == (header == BODY_HMAC)


# Install and callback queries


def test_the_callback_of_an_install_is_known() -> None:
    params = callback(CALLBACK, CALLBACK_HMAC)
    assert params is not None
    assert (params["shop"], params["state"]) == (SHOP, "0.6784241404160823")
    assert "hmac" not in params


@pytest.mark.parametrize("digest", [NOTE_HMAC_ENCODED, NOTE_HMAC_DECODED])
def test_values_may_be_signed_as_they_were_sent_or_as_they_are_meant(digest: str) -> None:
    params = callback(NOTE, digest)
    assert params is not None
    assert params["note"] == "a b=c&d"


def test_the_host_parameter_stands_for_the_admin_of_the_shop() -> None:
    host = dict(parse_qsl(CALLBACK))["host"]
    assert base64.b64decode(host + "=" * (-len(host) % 4)).decode() == "admin.shopify.com/store/some-shop"


@pytest.mark.parametrize(("seconds", "passes"), [(0, True), (90, True), (-90, True), (91, False), (-91, False)])
def test_an_old_link_to_install_no_longer_works(seconds: int, passes: bool) -> None:
    assert (callback(CALLBACK, CALLBACK_HMAC, SIGNED_AT + seconds) is not None) is passes


@pytest.mark.parametrize(
    "query",
    [
        CALLBACK.replace("some-shop", "other-shop"),
        CALLBACK + "&shop=other-shop.myshopify.com",
        CALLBACK + "&extra=",
        CALLBACK.replace("&state=0.6784241404160823", ""),
        CALLBACK.replace("timestamp=1337178173", "timestamp="),
        CALLBACK.replace("&timestamp=1337178173", ""),
    ],
)
def test_a_query_with_anything_changed_is_refused(query: str) -> None:
    assert callback(query, CALLBACK_HMAC) is None


@pytest.mark.parametrize("digest", ["", "0" * 64, CALLBACK_HMAC.upper(), CALLBACK_HMAC + "0", "é", "\x00"])
def test_a_query_without_its_own_signature_is_refused(digest: str) -> None:
    assert callback(CALLBACK, digest) is None


def test_a_second_signature_does_not_help() -> None:
    assert callback(f"{CALLBACK}&hmac={'0' * 64}", CALLBACK_HMAC) is None


@pytest.mark.parametrize(
    "stamp", ["١٣٣٧١٧٨١٧٣", " 1337178173 ", "1337178173.0", "1_337_178_173", "+1337178173", "9" * 13]
)
def test_a_time_is_written_in_plain_digits(stamp: str) -> None:
    params = {"shop": SHOP, "timestamp": stamp}
    pairs = [*params.items(), ("hmac", signing.query(SECRET, params))]
    assert signature.query(pairs, [SECRET], SIGNED_AT) is None


@given(more=st.dictionaries(own_names, texts, max_size=5))
def test_whatever_shopify_adds_to_a_query_is_part_of_what_it_signs(more: dict[str, str]) -> None:
    params = more | {"shop": SHOP, "timestamp": str(SIGNED_AT)}
    signed = [*params.items(), ("hmac", signing.query(SECRET, params))]
    assert signature.query(signed, [OLD, SECRET], SIGNED_AT) == params
    assert signature.query(signed, [OLD], SIGNED_AT) is None
    assert signature.query([*signed, ("added", "1")], [SECRET], SIGNED_AT) is None


# App proxy


def test_a_visitor_who_comes_through_the_shop_is_known() -> None:
    params = proxied(REVIEWS, REVIEWS_SIGNATURE)
    assert params is not None
    assert (params["shop"], params["logged_in_customer_id"], params["extra"]) == (SHOP, "1", "1,2")


def test_a_visitor_who_is_not_logged_in_keeps_the_blank() -> None:
    params = proxied(ANONYMOUS, ANONYMOUS_SIGNATURE)
    assert params is not None
    assert params["logged_in_customer_id"] == ""
    assert proxied(ANONYMOUS.replace("logged_in_customer_id=&", ""), ANONYMOUS_SIGNATURE) is None


@pytest.mark.parametrize(("seconds", "passes"), [(0, True), (90, True), (-90, True), (91, False), (-91, False)])
def test_a_page_of_the_storefront_cannot_be_asked_for_again_much_later(seconds: int, passes: bool) -> None:
    assert (proxied(REVIEWS, REVIEWS_SIGNATURE, PROXIED_AT + seconds) is not None) is passes


@pytest.mark.parametrize("name", ["shop", "timestamp", "signature"])
def test_a_visitor_cannot_speak_for_shopify_by_saying_it_twice(name: str) -> None:
    """Signed as Shopify would sign what a visitor brought along."""
    pairs = [*parse_qsl(REVIEWS), (name, "other-shop.myshopify.com")]
    query = urlencode([*pairs, ("signature", signing.proxy(SECRET, pairs))])
    assert signature.proxy(query, [SECRET], PROXIED_AT) is None


@pytest.mark.parametrize("name", ["shop", "timestamp", "signature"])
def test_a_proxy_request_without_its_marks_is_refused(name: str) -> None:
    pairs = [(key, value) for key, value in parse_qsl(f"{REVIEWS}&signature={REVIEWS_SIGNATURE}") if key != name]
    assert signature.proxy(urlencode(pairs), [SECRET], PROXIED_AT) is None


@pytest.mark.parametrize(
    "query", ["", "&", "=", "shop", "a=b", "shop=%ff&timestamp=%00&signature=%", f"{REVIEWS}&signature=é"]
)
def test_a_query_that_is_none_is_refused_without_a_fuss(query: str) -> None:
    assert signature.proxy(query, [SECRET], PROXIED_AT) is None


@given(more=st.lists(st.tuples(own_names, texts), max_size=6), customer=st.sampled_from(["", "77"]))
def test_whatever_a_visitor_asks_comes_through_as_it_was(more: list[tuple[str, str]], customer: str) -> None:
    own = [("shop", SHOP), ("logged_in_customer_id", customer), ("timestamp", str(PROXIED_AT))]
    pairs = [*[pair for pair in more if pair[0] != "logged_in_customer_id"], *own]
    query = urlencode([*pairs, ("signature", signing.proxy(SECRET, pairs))])
    params = signature.proxy(query, [OLD, SECRET], PROXIED_AT)
    assert params is not None
    assert params["logged_in_customer_id"] == customer
    assert signature.proxy(query, [OLD], PROXIED_AT) is None
    assert signature.proxy(f"{query}&more=1", [SECRET], PROXIED_AT) is None


# Hosts


@pytest.mark.parametrize("host", [SHOP, "a.myshopify.com", "1.myshopify.com", "x-y-9.myshopify.com"])
def test_a_shop_is_known_by_its_domain(host: str) -> None:
    assert signature.is_shop(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "myshopify.com",
        ".myshopify.com",
        "-a.myshopify.com",
        "evilmyshopify.com",
        "some-shop.myshopify.com.evil.example",
        "some-shop.myshopify.com\n",
        "\nsome-shop.myshopify.com",
        "evil.example/some-shop.myshopify.com",
        "evil.example#some-shop.myshopify.com",
        "some_shop.myshopify.com",
        "a.b.myshopify.com",
        "SOME-SHOP.myshopify.com",
        "some-shop.myshopify.com:443",
        "user@some-shop.myshopify.com",
        "sömé.myshopify.com",
        "some-shop.shopify.com",
    ],
)
def test_nothing_that_only_looks_like_a_shop_is_one(host: str) -> None:
    assert not signature.is_shop(host)
