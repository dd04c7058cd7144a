"""Tokens of the admin and of Shopify's extensions: who they speak for, and every way of forging one."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from devstore import signing
from shopify_app.shopify import session_token
from shopify_app.shopify.session_token import Buyer, Merchant, TokenError

KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
SECRET, OLD, STRANGE = "hush" * 8, "hist" * 8, "else" * 8
SHOP = "lumen-goods.myshopify.com"

Check = Callable[..., Merchant | Buyer]
refused = pytest.raises(TokenError)


def admin_claims(**changes: Any) -> dict[str, Any]:
    """Of an ID token made now; a claim given as None is left out."""
    now = int(time.time())
    claims = {
        "iss": f"https://{SHOP}/admin",
        "dest": f"https://{SHOP}",
        "aud": KEY,
        "sub": "42",
        "exp": now + 60,
        "nbf": now,
        "iat": now,
        "jti": "f8912129-1af6-4cad-9ca3-76b0f7621087",
        "sid": "aaea182f2732d44c23057c0fea584021a4485b2bd25d3eb7fd349313ad24c685",
    } | changes
    return {name: value for name, value in claims.items() if value is not None}


def extension_claims(**changes: Any) -> dict[str, Any]:
    return admin_claims(**{"iss": None, "sid": None, "dest": SHOP, "sub": "gid://shopify/Customer/7"} | changes)


def merchant(claims: dict[str, Any], *secrets: str) -> Merchant:
    return session_token.merchant(signed(claims), KEY, secrets or (SECRET,))


def buyer(claims: dict[str, Any], *secrets: str) -> Buyer:
    return session_token.buyer(signed(claims), KEY, secrets or (SECRET,))


def signed(claims: dict[str, Any]) -> str:
    """By hand: the library refuses to write what it would not read."""
    text = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}"
    return f"{text}.{coded(hmac.digest(SECRET.encode(), text.encode(), 'sha256'))}"


def part(value: Any) -> str:
    return coded(json.dumps(value).encode())


def coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


# Merchants


def test_a_merchant_is_known_by_the_token_of_the_admin() -> None:
    made_at = datetime.now(UTC).replace(microsecond=0)
    token = signing.id_token(SECRET, KEY, SHOP, 42, made_at)
    assert session_token.merchant(token, KEY, [SECRET]) == Merchant(SHOP, "42", made_at)


def test_while_the_secret_rotates_tokens_of_both_are_taken() -> None:
    assert merchant(admin_claims(), SECRET, OLD).shop == SHOP
    assert merchant(admin_claims(), OLD, SECRET).shop == SHOP
    with refused:
        merchant(admin_claims(), OLD)


@pytest.mark.parametrize("claim", ["iss", "dest", "aud", "sub", "exp", "nbf"])
def test_a_token_of_the_admin_lacks_nothing(claim: str) -> None:
    with refused:
        merchant(admin_claims(**{claim: None}))


@pytest.mark.parametrize(
    "forged",
    [
        {"aud": "another app"},
        {"aud": ""},
        {"iss": "https://second-shop.myshopify.com/admin"},
        {"dest": "https://second-shop.myshopify.com"},
        {"iss": "https://evil.example/admin", "dest": "https://evil.example"},
        {"iss": f"https://{SHOP}.evil.example/admin", "dest": f"https://{SHOP}.evil.example"},
        {"iss": f"https://evil.example/{SHOP}", "dest": f"https://evil.example/{SHOP}"},
        {"iss": f"https://{SHOP}:443/admin", "dest": f"https://{SHOP}:443"},
        {"iss": "", "dest": ""},
        {"iss": 1, "dest": 1},
        {"iss": [], "dest": {}},
        {"iss": "https://[", "dest": "https://["},
        {"exp": "soon"},
        {"exp": True},
        {"nbf": "2026-01-01"},
        {"nbf": False},
        {"exp": [99999999999]},
    ],
    ids=repr,
)
def test_a_token_meant_for_somebody_else_is_refused(forged: dict[str, Any]) -> None:
    with refused:
        merchant(admin_claims(**forged))


@pytest.mark.parametrize(("late", "passes"), [(-60, True), (9, True), (11, False), (3600, False)])
def test_a_token_dies_a_minute_after_it_was_made(late: int, passes: bool) -> None:
    claims = admin_claims(exp=int(time.time()) - late)
    if passes:
        assert merchant(claims).shop == SHOP
    else:
        with refused:
            merchant(claims)


@pytest.mark.parametrize(("early", "passes"), [(9, True), (12, False)])
def test_a_token_of_a_clock_that_runs_ahead_is_taken_within_ten_seconds(early: int, passes: bool) -> None:
    claims = admin_claims(nbf=int(time.time()) + early)
    if passes:
        assert merchant(claims).shop == SHOP
    else:
        with refused:
            merchant(claims)


@pytest.mark.parametrize("check", [session_token.merchant, session_token.buyer])
@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
def test_a_token_that_nobody_signed_is_refused(check: Check, algorithm: str) -> None:
    claims = admin_claims() if check is session_token.merchant else extension_claims()
    for mark in (b"", b"x" * 32):
        with refused:
            check(f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}.{coded(mark)}", KEY, [SECRET])


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_only_one_way_of_signing_is_taken(algorithm: str) -> None:
    with refused:
        session_token.merchant(jwt.encode(admin_claims(), "s" * 64, algorithm), KEY, ["s" * 64])


def test_a_pair_of_keys_signs_nothing_here() -> None:
    """The old trick: an RSA token whose public key is handed in as the shared secret."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    token = jwt.encode(admin_claims(), key, "RS256")
    with refused:
        session_token.merchant(token, KEY, [SECRET])
    with refused:
        session_token.merchant(token, KEY, [public.decode()])


def test_a_token_signed_with_a_strange_secret_is_refused() -> None:
    with refused:
        session_token.merchant(jwt.encode(admin_claims(), STRANGE, "HS256"), KEY, [SECRET, OLD])


def test_a_token_whose_claims_were_changed_is_refused() -> None:
    header, _, mark = signed(admin_claims()).split(".")
    with refused:
        session_token.merchant(f"{header}.{part(admin_claims(sub='1'))}.{mark}", KEY, [SECRET])


@pytest.mark.parametrize(
    "header",
    [
        b"[" * 3000,
        b'{"alg":' + b"[" * 3000,
        b"1" * 5000,
        b"[]",
        b"\xff\xfe",
        b'{"alg":1}',
        b'{"alg":["HS256"]}',
        b'{"alg":"HS256","kid":1}',
        b'{"alg":"HS256","crit":["b64"],"b64":false}',
    ],
    ids=lambda header: header[:20],
)
def test_a_token_with_a_strange_head_is_refused_without_a_fuss(header: bytes) -> None:
    with refused:
        session_token.merchant(f"{coded(header)}.{part(admin_claims())}.{coded(b'x')}", KEY, [SECRET])


@given(token=st.text(max_size=80))
def test_nothing_that_somebody_types_is_a_token(token: str) -> None:
    for check in (session_token.merchant, session_token.buyer):
        with refused:
            check(token, KEY, [SECRET])


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(name=st.sampled_from(["iss", "dest", "aud", "sub", "iat"]), value=anything)
def test_no_signed_nonsense_breaks_the_check(name: str, value: Any) -> None:
    """At most it is taken for somebody without a say: the shop is always a whole and exact name."""
    for claims, check in ((admin_claims(), merchant), (extension_claims(), buyer)):
        try:
            assert check(claims | {name: value}).shop == SHOP
        except TokenError:
            continue


@pytest.mark.parametrize("time_", [float("inf"), float("-inf"), float("nan"), -1, 10**400, -(10**400)])
def test_a_time_out_of_all_bounds_is_no_time(time_: float) -> None:
    with refused:
        merchant(admin_claims(nbf=time_))


@given(name=st.sampled_from(["exp", "nbf"]), value=anything.filter(lambda value: type(value) not in (int, float)))
def test_a_time_that_is_no_number_is_no_time(name: str, value: Any) -> None:
    for claims, check in ((admin_claims(), merchant), (extension_claims(), buyer)):
        with refused:
            check(claims | {name: value})


# Buyers


def test_a_buyer_who_is_logged_in_is_known_by_the_token_of_the_extension() -> None:
    assert buyer(extension_claims()) == Buyer(SHOP, 7)
    token = signing.extension_token(SECRET, KEY, SHOP, 7, datetime.now(UTC))
    assert session_token.buyer(token, KEY, [OLD, SECRET]) == Buyer(SHOP, 7)


@pytest.mark.parametrize(
    "sub", [None, "", "gid://shopify/Customer/", "gid://shopify/Order/7", "seven", "٧", "7.0", "9" * 5000]
)
def test_a_guest_proves_nothing_but_the_shop(sub: str | None) -> None:
    assert buyer(extension_claims(sub=sub)) == Buyer(SHOP, None)


def test_an_extension_may_name_the_shop_with_or_without_https() -> None:
    assert buyer(extension_claims(dest=f"https://{SHOP}")).shop == SHOP
    assert buyer(extension_claims(dest=SHOP)).shop == SHOP


@pytest.mark.parametrize("claim", ["dest", "aud", "exp", "nbf"])
def test_a_token_of_an_extension_lacks_nothing(claim: str) -> None:
    with refused:
        buyer(extension_claims(**{claim: None}))


@pytest.mark.parametrize(
    "forged",
    [{"aud": "another app"}, {"dest": "evil.example"}, {"dest": f"evil.example/{SHOP}"}, {"exp": 1}, {"nbf": 2**40}],
    ids=repr,
)
def test_a_forged_token_of_an_extension_is_refused(forged: dict[str, Any]) -> None:
    with refused:
        buyer(extension_claims(**forged))


def test_a_merchants_token_does_not_speak_for_a_buyer() -> None:
    """Its `sub` is a number of the staff; taken for a customer's it would show somebody's orders."""
    with refused:
        buyer(admin_claims())


def test_a_buyers_token_does_not_open_the_admin() -> None:
    with refused:
        merchant(extension_claims())
    with refused:
        merchant(extension_claims(dest=f"https://{SHOP}"))
