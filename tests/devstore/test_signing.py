"""The store signs exactly as Shopify does: fixed vectors, secret "hush"."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl

import jwt

from devstore import signing

CALLBACK = (
    "code=0907a61c0c8d55e99db179b68161bc00&host=YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvc29tZS1zaG9w"
    "&shop=some-shop.myshopify.com&state=0.6784241404160823&timestamp=1337178173"
)
ENCODED = "embedded=1&locale=en&note=a%20b%3Dc%26d&shop=some-shop.myshopify.com&timestamp=1337178173"
REVIEWS = (
    "extra=1&extra=2&shop=some-shop.myshopify.com&logged_in_customer_id=1"
    "&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555"
)
ANONYMOUS = "shop=some-shop.myshopify.com&logged_in_customer_id=&path_prefix=%2Fapps%2Fx&timestamp=1317327555"


def pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def test_a_webhook_is_signed_over_its_raw_bytes() -> None:
    body = b'{"id":1,"email":"a@example.com"}'
    assert signing.webhook("hush", body) == "SnRPygpSlvOBkfX6XdQZR4cL4GiE8A3prXrBdoz9iBA="


def test_an_oauth_callback_is_signed_over_its_sorted_query() -> None:
    expected = "9fe3d5ea81959305fd96bd3d2d44e878654e753bc8e455b5369c15a009412163"
    assert signing.query("hush", dict(pairs(CALLBACK))) == expected


def test_an_oauth_query_is_signed_in_its_percent_encoded_form() -> None:
    expected = "28dfd11c4065ad3ac6e5931f5bc616e00292e058e22ff9f618c0c07d0e4920d1"
    assert signing.query("hush", dict(pairs(ENCODED))) == expected


def test_a_proxy_request_is_signed_with_repeated_values_joined() -> None:
    expected = "5e2178f38200aed046f7944c03c410698b34595edb3968b0e3ab8d4db12f142f"
    assert signing.proxy("hush", pairs(REVIEWS)) == expected


def test_a_proxy_request_of_a_guest_keeps_its_blank_customer() -> None:
    expected = "ed9a4830a07671915839fc3d5de9dff899b7a8c7b13e273adee138fb67bfbe66"
    assert signing.proxy("hush", pairs(ANONYMOUS)) == expected


def test_the_host_parameter_names_the_admin_without_padding() -> None:
    assert signing.host("some-shop") == "YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvc29tZS1zaG9w"


def test_an_id_token_speaks_for_one_staff_user_of_one_shop_for_one_minute() -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    token = signing.id_token("hush" * 8, "client", "some-shop.myshopify.com", 42, now)
    claims = jwt.decode(token, "hush" * 8, algorithms=["HS256"], audience="client", options={"verify_exp": False})
    assert claims["iss"] == "https://some-shop.myshopify.com/admin"
    assert claims["dest"] == "https://some-shop.myshopify.com"
    assert (claims["sub"], claims["exp"] - claims["iat"]) == ("42", 60)
    assert {"jti", "sid", "nbf", "sig"} <= claims.keys()


def test_an_extension_token_has_a_bare_shop_and_names_only_a_known_buyer() -> None:
    now = datetime.now(UTC)
    known = signing.extension_token("hush" * 8, "client", "some-shop.myshopify.com", 7, now)
    guest = signing.extension_token("hush" * 8, "client", "some-shop.myshopify.com", None, now)
    known_claims = jwt.decode(known, "hush" * 8, algorithms=["HS256"], audience="client")
    guest_claims = jwt.decode(guest, "hush" * 8, algorithms=["HS256"], audience="client")
    assert known_claims["sub"] == "gid://shopify/Customer/7"
    assert known_claims["dest"] == "some-shop.myshopify.com"
    assert not {"iss", "sid", "sub"} & guest_claims.keys()
