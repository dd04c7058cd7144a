"""A customer lets the app in: by a code that works once, for who began, and back to declared addresses only."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from devstore import deeds
from devstore.records import Customer
from tests.devstore.conftest import DOMAIN, SECRET, Visitor

OTHER = "second-shop.myshopify.com"
VERIFIER = secrets.token_urlsafe(32)
NAME = "query { customer { displayName emailAddress { emailAddress } } }"


def challenge(verifier: str = VERIFIER) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


@dataclass
class Door:
    """An app in front of one shop; all that it knows of the shop is what discovery tells."""

    visitor: Visitor
    places: dict[str, Any] = field(default_factory=dict)

    @property
    def back(self) -> str:
        return f"{self.visitor.store.app_url}/portal/login/callback"

    def wish(self, **changes: str) -> dict[str, str]:
        asked = {
            "client_id": self.visitor.store.client_id,
            "response_type": "code",
            "redirect_uri": self.back,
            "scope": "openid email customer-account-api:full",
            "state": "s1",
            "nonce": "n1",
            "code_challenge": challenge(),
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (asked | changes).items() if value}

    def ask(self, **changes: str) -> requests.Response:
        line = self.visitor.line
        place = self.places["authorization_endpoint"]
        return line.get(place, params=self.wish(**changes), timeout=5, allow_redirects=False)

    def code(self, **changes: str) -> str:
        return told(self.ask(**changes))["code"]

    def tokens(self, code: str, *, secret: str = SECRET, **changes: str) -> requests.Response:
        asked = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.back, "code_verifier": VERIFIER
        }  # fmt: skip
        client = (self.visitor.store.client_id, secret)
        return requests.post(self.places["token_endpoint"], asked | changes, auth=client, timeout=5)

    def refresh(self, token: str) -> requests.Response:
        asked = {"grant_type": "refresh_token", "refresh_token": token}
        client = (self.visitor.store.client_id, SECRET)
        return requests.post(self.places["token_endpoint"], asked, auth=client, timeout=5)

    def who(self, access: str) -> requests.Response:
        headers = {"Authorization": access}
        return requests.post(self.places["graphql_api"], json={"query": NAME}, headers=headers, timeout=5)


def told(answer: requests.Response) -> dict[str, str]:
    """What the browser brings back to the app."""
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


@pytest.fixture
def door(visitor: Visitor) -> Door:
    """Mira is logged in on the storefront."""
    visitor.types(visitor.asks_for_a_code("mira@example.com"))
    found = Door(visitor)
    for page in ("openid-configuration", "customer-account-api"):
        found.places |= visitor.get(f"/.well-known/{page}").json()
    return found


def test_a_customer_who_is_logged_in_lets_the_app_in_at_once(door: Door, mira: Customer) -> None:
    back = told(door.ask())
    assert back["state"] == "s1"
    given = door.tokens(back["code"]).json()
    assert given["expires_in"] == 7200
    key = jwt.PyJWKClient(door.places["jwks_uri"]).get_signing_key_from_jwt(given["id_token"])
    client_id, issuer = door.visitor.store.client_id, door.places["issuer"]
    claims = jwt.decode(given["id_token"], key, ["RS256"], audience=client_id, issuer=issuer)
    assert (claims["sub"], claims["nonce"]) == (str(mira.id), "n1")
    seen = door.who(given["access_token"]).json()["data"]["customer"]
    assert seen == {"displayName": "Mira", "emailAddress": {"emailAddress": "mira@example.com"}}


def test_whoever_is_not_logged_in_logs_in_first_and_comes_back(visitor: Visitor, door: Door) -> None:
    visitor.line.cookies.clear()
    login = door.ask(state="a b+c/é")
    assert login.headers["Location"].startswith("/account/login?next=")
    (wanted,) = parse_qs(urlsplit(login.headers["Location"]).query)["next"]
    code = visitor.asks_for_a_code("mira@example.com")
    answer = visitor.line.post(
        f"{visitor.base}/account/login/code", {"code": code, "next": wanted}, allow_redirects=False, timeout=5
    )
    again = visitor.line.get(visitor.base + answer.headers["Location"], allow_redirects=False, timeout=5)
    assert told(again)["state"] == "a b+c/é"
    assert door.tokens(told(again)["code"]).ok


def test_an_app_may_look_whether_somebody_is_logged_in_without_asking(visitor: Visitor, door: Door) -> None:
    visitor.line.cookies.clear()
    assert told(door.ask(prompt="none")) == {"error": "login_required", "state": "s1"}


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example.com/portal/login/callback",
        "{app}/portal/callback/",
        "{app}/portal/callback?x=1",
        "{app}/",
        "",
    ],
)
def test_nobody_is_sent_to_an_address_that_the_app_did_not_declare(door: Door, back: str) -> None:
    assert door.ask(redirect_uri=back.format(app=door.visitor.store.app_url)).status_code == 400


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain", "code_challenge": VERIFIER}, "invalid_request"),
        ({"scope": "email"}, "invalid_scope"),
        ({"state": ""}, "invalid_request"),
    ],
)
def test_an_app_that_asks_wrongly_is_told_so(door: Door, change: dict[str, str], error: str) -> None:
    assert told(door.ask(**change))["error"] == error


def test_another_app_gets_nowhere(door: Door) -> None:
    assert door.ask(client_id="f" * 32).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"code_verifier": secrets.token_urlsafe(32)},
        {"code_verifier": challenge()},
        {"code_verifier": ""},
        {"redirect_uri": "https://evil.example.com"},
        {"grant_type": "password"},
    ],
    ids=["another verifier", "the challenge", "none", "another address", "another grant"],
)
def test_a_stolen_code_is_worth_nothing(door: Door, change: dict[str, str]) -> None:
    assert door.tokens(door.code(), **change).status_code == 400


def test_a_client_without_the_apps_secret_gets_no_token(door: Door) -> None:
    answer = door.tokens(door.code(), secret="guessed")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_code_that_comes_twice_ends_what_it_gave(door: Door) -> None:
    code = door.code()
    access = door.tokens(code).json()["access_token"]
    assert door.who(access).ok
    assert door.tokens(code).status_code == 400
    assert door.who(access).status_code == 401


def test_a_code_is_too_old_after_a_minute(door: Door) -> None:
    code = door.code()
    door.visitor.store.forward(timedelta(seconds=61))
    assert door.tokens(code).status_code == 400


def test_a_token_ends_after_two_hours_and_the_refresh_token_brings_the_next_once(door: Door) -> None:
    given = door.tokens(door.code()).json()
    door.visitor.store.forward(timedelta(hours=2, seconds=1))
    assert door.who(given["access_token"]).status_code == 401
    again = door.refresh(given["refresh_token"]).json()
    assert door.who(again["access_token"]).ok
    assert door.refresh(given["refresh_token"]).status_code == 400


def test_a_token_of_one_shop_opens_nothing_in_another(door: Door) -> None:
    store = door.visitor.store
    deeds.add_shop(store.state, OTHER, "Second Shop", email="other@example.com", address=None)
    store.approve(OTHER)
    store.open_storefront(OTHER)
    access = door.tokens(door.code()).json()["access_token"]
    there = Visitor(store, OTHER).get("/.well-known/customer-account-api").json()["graphql_api"]
    answer = requests.post(there, json={"query": NAME}, headers={"Authorization": access}, timeout=5)
    assert answer.status_code == 401


def test_logging_out_ends_every_token_and_comes_back_where_the_app_declared(door: Door) -> None:
    given, store = door.tokens(door.code()).json(), door.visitor.store
    asked = {"id_token_hint": given["id_token"], "post_logout_redirect_uri": f"{store.app_url}/portal/login/over"}
    answer = door.visitor.line.get(door.places["end_session_endpoint"], params=asked, allow_redirects=False, timeout=5)
    assert answer.headers["Location"] == asked["post_logout_redirect_uri"]
    assert door.who(given["access_token"]).status_code == 401
    assert door.refresh(given["refresh_token"]).status_code == 400
    assert not door.visitor.is_known()


@pytest.mark.parametrize("where", ["https://evil.example.com", "{app}/portal/login/over?x"])
def test_logging_out_leads_to_no_strange_address(door: Door, where: str) -> None:
    given, store = door.tokens(door.code()).json(), door.visitor.store
    asked = {"id_token_hint": given["id_token"], "post_logout_redirect_uri": where.format(app=store.app_url)}
    answer = door.visitor.line.get(door.places["end_session_endpoint"], params=asked, allow_redirects=False, timeout=5)
    assert answer.headers["Location"] == "/"


def test_nobody_is_logged_out_by_a_made_up_token(door: Door) -> None:
    forged = jwt.encode({"sub": "1", "aud": door.visitor.store.client_id}, "x" * 32, "HS256")
    asked = {"id_token_hint": forged}
    assert door.visitor.line.get(door.places["end_session_endpoint"], params=asked, timeout=5).status_code == 400
    assert door.visitor.is_known()


def test_an_app_that_was_thrown_out_lets_nobody_in(door: Door) -> None:
    access = door.tokens(door.code()).json()["access_token"]
    deeds.uninstall(door.visitor.store.state, DOMAIN)
    assert door.ask().status_code == 400
    assert door.who(access).status_code == 404
