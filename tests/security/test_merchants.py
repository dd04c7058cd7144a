"""Who is not staff of the shop gets in nowhere: every merchant's page with every false token, found by the URL map."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient

from devstore import signing
from shopify_app import clock
from shopify_app.db import db, rest, transaction
from shopify_app.shopify.guards import RETRY
from shopify_app.shopify.models import Shop
from tests.conftest import KEY, LUMEN, SECOND, SECRET
from tests.home.conftest import Merchant
from tests.routes import Door, Values, doors
from tests.security.conftest import NAMES, Rows

Lie = Callable[[], str]


def told(**claims: Any) -> str:
    """A token with claims of its own, signed as Shopify signs."""
    honest = jwt.decode(signing.id_token(SECRET, KEY, LUMEN, 7, clock.now()), options={"verify_signature": False})
    kept = {name: value for name, value in (honest | claims).items() if value is not None}
    return jwt.encode(kept, SECRET, "HS256")


def unsigned() -> str:
    claims = jwt.decode(told(), options={"verify_signature": False})
    return jwt.encode(claims, "", "none")


LIES: dict[str, Lie] = {
    "nonsense": lambda: "x.y.z",
    "signed by somebody else": lambda: signing.id_token("h" * 32, KEY, LUMEN, 7, clock.now()),
    "not signed": unsigned,
    "run out": lambda: signing.id_token(SECRET, KEY, LUMEN, 7, clock.now() - timedelta(minutes=3)),
    "without an end": lambda: told(exp=None),
    "from the future": lambda: signing.id_token(SECRET, KEY, LUMEN, 7, clock.now() + timedelta(hours=1)),
    "for another app": lambda: signing.id_token(SECRET, "another-app", LUMEN, 7, clock.now()),
    "of two shops": lambda: told(iss=f"https://{SECOND}/admin"),
    "of no shop": lambda: told(iss="https://evil.example/admin", dest="https://evil.example"),
    "of a buyer": lambda: signing.extension_token(SECRET, KEY, LUMEN, 7, clock.now()),
}


FORMS: dict[str, dict[str, str]] = {
    "feedback_admin.note": {"note": "Sent a new shade"},
    "messages.search": {"q": "nora.lindqvist@example.com"},
    "refusals.look_up": {"email": "nora.lindqvist@example.com"},
    "home.search": {"q": "nora.lindqvist@example.com"},
    "returns_admin.search": {"q": "nora.lindqvist@example.com"},
    "returns_admin.approve": {"id": "RETURN"},
    "returns_admin.decline": {"id": "RETURN", "why": "other", "message": ""},
    "returns_review.agree": {"answer": "yes", "amount": "9500"},
    "returns_review.ask": {"question": "Which colour?"},
    "returns_review.decline": {"why": "other", "message": "", "reason": ""},
    "returns_review.note": {"note": "Looks new"},
}
"""What is typed, where a form is looked at before the row it is about. RETURN is the number of one."""


def knock(client: FlaskClient, door: Door, values: Values, **options: Any) -> Any:
    rest()
    form = FORMS.get(door.endpoint) if door.method == "POST" else None
    number = str(values["returns_review", "request_id"])
    typed = {name: number if value == "RETURN" else value for name, value in (form or {}).items()}
    answer = client.open(address(door, values), method=door.method, data=typed or None, **options)
    answer.get_data()  # what is streamed is read to its end
    return answer


def address(door: Door, values: Values) -> str:
    return door.address(door.rows(values))


def is_turned_away(answer: Any) -> bool:
    """Told to come again with a token, or sent to where there is one; nothing is told of any shop."""
    is_sent = answer.status_code == 302 and ("/auth/bounce?" in answer.location or "/store/" in answer.location)
    return (is_sent or answer.status_code in (400, 401)) and not any(name.encode() in answer.data for name in NAMES)


@pytest.mark.parametrize("lie", LIES)
def test_a_false_token_opens_no_page_and_changes_nothing(
    app: Flask, client: FlaskClient, filled: Values, rows: Rows, lie: str
) -> None:
    before = rows()
    for door in doors(app, "merchant"):
        answer = knock(client, door, filled, headers={"Authorization": f"Bearer {LIES[lie]()}"})
        assert (answer.status_code, answer.headers[RETRY], answer.text) == (401, "1", ""), f"{door}"
    for door in doors(app, "merchant"):
        query = {"embedded": "1", "shop": LUMEN, "id_token": LIES[lie]()}
        assert is_turned_away(knock(client, door, filled, query_string=query)), f"{door}"
    assert rows() == before


@pytest.mark.parametrize("query", [{}, {"shop": LUMEN}, {"shop": LUMEN, "embedded": "1"}])
def test_who_shows_no_token_is_sent_to_the_admin(
    app: Flask, client: FlaskClient, filled: Values, rows: Rows, query: dict[str, str]
) -> None:
    before = rows()
    for door in doors(app, "merchant"):
        assert is_turned_away(knock(client, door, filled, query_string=query)), f"{door}"
    assert rows() == before


def test_a_good_token_in_the_address_changes_nothing(
    app: Flask, client: FlaskClient, merchant: Merchant, filled: Values, rows: Rows
) -> None:
    """Another site can make a browser send a form to any address, but no header with it."""
    before = rows()
    for door in doors(app, "merchant"):
        if door.method == "POST":
            answer = knock(client, door, filled, query_string=merchant.frame | {"id_token": merchant.token})
            assert answer.status_code == 401, f"{door}"
    assert rows() == before


def test_staff_of_another_shop_find_no_row_of_this_one(
    app: Flask, client: FlaskClient, neighbour: Merchant, filled: Values, shop: Shop, rows: Rows
) -> None:
    """A number of this shop's is answered as one that nobody has; pages without show and change what is their own."""
    before, nothing = rows(shop), {key: number + 1_000_000 for key, number in filled.items()}
    for door in doors(app, "merchant"):
        options = {"headers": {"Authorization": f"Bearer {neighbour.token}"}, "query_string": {"shop": LUMEN}}
        answer = knock(client, door, filled, **options)
        assert not any(name.encode() in answer.data for name in NAMES), f"{door}"
        assert answer.status_code != 500, f"{door}"
        if numbers(door):
            none = knock(client, door, nothing, **options)
            assert (answer.status_code, answer.data) == (none.status_code, none.data), f"{door}"
            assert answer.status_code == (409 if door.endpoint in GONE_ANYWAY else 404), f"{door}"
    assert rows(shop) == before


GONE_ANYWAY = {"home.tell_the_buyer"}
"""Answers that the parcel is not in trouble (any more), for an order that it does not find too."""


def numbers(door: Door) -> bool:
    """Whether it names a row. A version of a text is known by its place in its own shop's history."""
    return any(name.endswith("_id") for name in door.blanks)


def test_every_number_that_an_address_takes_is_one_of_a_row(app: Flask, filled: Values) -> None:
    """So that a new page joins this walk: it says here which row its number stands for."""
    for door in doors(app, "merchant"):
        assert {name for name in door.blanks if name.endswith(("_id", "number"))} == door.rows(filled).keys(), f"{door}"


def test_the_shops_own_staff_find_every_one_of_these_rows(
    app: Flask, client: FlaskClient, merchant: Merchant, filled: Values
) -> None:
    """Or the walk above would show nothing: what is not there is not found by anybody."""
    for door in doors(app, "merchant"):
        if numbers(door):
            headers = {"Authorization": f"Bearer {merchant.token}"}
            answer = knock(client, door, filled, headers=headers, query_string=merchant.frame)
            assert answer.status_code not in (401, 404, 500), f"{door}: {answer.status_code}"


def test_an_uninstalled_shop_is_asked_for_new_tokens_first(
    app: Flask, client: FlaskClient, merchant: Merchant, filled: Values, shop: Shop, rows: Rows
) -> None:
    """Its staff's token alone, which Shopify has to confirm, opens nothing."""
    with transaction():
        shop.installed_at = None
        db.session.add(shop)
    before = rows()
    for door in doors(app, "merchant"):
        answer = knock(client, door, filled, headers={"Authorization": f"Bearer {merchant.token}"})
        assert answer.status_code in (401, 503), f"{door}: {answer.status_code}"
        assert not any(name.encode() in answer.data for name in NAMES), f"{door}"
    held = {"shops": rows()["shops"]}
    assert rows() | held == before | held, "only the lock on its tokens was taken and given back"
