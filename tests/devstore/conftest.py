"""A shop with one lamp, a buyer, a store around them and a small app that hears the store over real HTTP."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from flask import Flask, Response, request
from werkzeug.serving import make_server

from devstore import deeds, server
from devstore.config import Config
from devstore.records import Address, Customer, Product, Shop
from devstore.server import Running
from devstore.state import State

SECRET = "hush-hush-hush-hush-hush-hush-hush"
DOMAIN = "lumen-goods.myshopify.com"
HOME = Address(
    first_name="Mira",
    last_name="Sommer",
    address1="Lindenweg 4",
    city="Leipzig",
    country="Germany",
    country_code="DE",
    zip="04109",
    phone="+49341000000",
)


@pytest.fixture
def state() -> State:
    return State()


@pytest.fixture
def shop(state: State) -> Shop:
    return deeds.add_shop(
        state,
        DOMAIN,
        "Lumen Goods",
        email="owner@example.com",
        address=Address(city="Berlin", country="Germany", country_code="DE"),
        presentment_currencies=["JPY"],
    )


@pytest.fixture
def lamp(state: State, shop: Shop) -> Product:
    variants = [{"title": "Brass", "price": "89.90", "sku": "LAMP-B"}, {"title": "Steel", "price": "79.90"}]
    return deeds.add_product(state, shop.domain, "Desk lamp", variants, picture="pictures/lamp.svg")


@pytest.fixture
def buyer(state: State, shop: Shop) -> Customer:
    return deeds.add_customer(
        state,
        shop.domain,
        "mira@example.com",
        first_name="Mira",
        last_name="Sommer",
        phone="+4915100000000",
        locale="de",
        address=HOME,
        tags=["regular"],
    )


@dataclass
class Heard:
    """One request as the app saw it."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def topic(self) -> str:
        return self.headers["X-Shopify-Topic"]


@dataclass
class SmallApp:
    """An app that keeps what it hears and answers what the test wants. answer: gives the response for a request."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    answer: Callable[[Heard], Response] = lambda heard: Response("", 200)

    def topics(self) -> list[str]:
        return [each.topic for each in self.heard]


@pytest.fixture
def app() -> Iterator[SmallApp]:
    """A real server on the loopback; nothing of it is the product's."""
    small, flask = SmallApp(), Flask("small")

    @flask.route("/", defaults={"path": ""}, methods=["GET", "POST", "PUT", "DELETE"])
    @flask.route("/<path:path>", methods=["GET", "POST", "PUT", "DELETE"])
    def hear(path: str) -> Response:
        query = request.query_string.decode()
        heard = Heard(request.method, request.path, query, dict(request.headers), request.get_data())
        small.heard.append(heard)
        return small.answer(heard)

    front = make_server("127.0.0.1", 0, flask, threaded=True)
    thread = threading.Thread(target=front.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    small.url = f"http://127.0.0.1:{front.server_port}"
    yield small
    front.shutdown()
    thread.join()
    front.server_close()


@pytest.fixture
def store(app: SmallApp) -> Iterator[Running]:
    """A store without goods whose retries take milliseconds: four hours are seven seconds."""
    config = Config(
        app_url=app.url,
        api_secret=SECRET,
        seeded=False,
        port=0,
        storefront_port=0,
        smtp_port=0,
        retry_scale=0.0005,
    )
    running = server.start(config)
    yield running
    running.stop()


@pytest.fixture
def open_shop(store: Running) -> Shop:
    """Lumen Goods in the running store, the app installed, one lamp on the shelf."""
    shop = deeds.add_shop(
        store.state,
        DOMAIN,
        "Lumen Goods",
        email="owner@example.com",
        address=Address(city="Berlin", country="Germany", country_code="DE"),
        presentment_currencies=["JPY"],
    )
    store.open_storefront(DOMAIN)
    variants = [{"title": "Brass", "price": "89.90", "sku": "LAMP-B"}, {"title": "Steel", "price": "79.90"}]
    deeds.add_product(store.state, DOMAIN, "Desk lamp", variants, picture="pictures/lamp.svg")
    store.approve(DOMAIN)
    return shop


@pytest.fixture
def brass(store: Running, open_shop: Shop) -> int:
    """The variant id of the brass lamp."""
    return store.state.products.of(DOMAIN)[0].variants[0].id


@dataclass
class Client:
    """How an app calls a shop: the token endpoint and GraphQL."""

    store: Running
    token: str = ""

    def exchange(self, **changes: Any) -> requests.Response:
        """A token for the ID token of this minute."""
        asked = {
            "client_id": self.store.client_id,
            "client_secret": SECRET,
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": self.store.id_token(DOMAIN),
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
            "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
            "expiring": "1",
        }
        return self.access_token(asked | changes)

    def refresh(self, token: str) -> requests.Response:
        asked = {"client_id": self.store.client_id, "client_secret": SECRET}
        return self.access_token(asked | {"grant_type": "refresh_token", "refresh_token": token})

    def access_token(self, asked: dict[str, Any]) -> requests.Response:
        return requests.post(f"{self.store.shop_url(DOMAIN)}/admin/oauth/access_token", json=asked, timeout=5)

    def graphql(self, query: str, token: str | None = None, /, **variables: Any) -> requests.Response:
        return requests.post(
            f"{self.store.shop_url(DOMAIN)}/admin/api/2026-10/graphql.json",
            json={"query": query, "variables": variables},
            headers={"X-Shopify-Access-Token": self.token if token is None else token},
            timeout=10,
        )

    def data(self, query: str, /, **variables: Any) -> Any:
        """What a query that must succeed gives."""
        answer = self.graphql(query, **variables).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]


@pytest.fixture
def stranger(store: Running, open_shop: Shop) -> Client:
    """The app before it has a token."""
    return Client(store)


@pytest.fixture
def client(stranger: Client) -> Client:
    """The app with a fresh token."""
    stranger.token = stranger.exchange().json()["access_token"]
    return stranger


class Visitor:
    """A browser without JavaScript on one storefront."""

    def __init__(self, store: Running, domain: str = DOMAIN) -> None:
        self.store, self.base, self.line = store, store.storefront_url(domain), requests.Session()

    def get(self, path: str) -> requests.Response:
        return self.line.get(self.base + path, timeout=5)

    def asks_for_a_code(self, email: str) -> str:
        """The code as the mail tells it; "" when no mail came."""
        before = len(self.store.mailbox.messages(email))
        said = self.line.post(f"{self.base}/account/login", {"email": email}, timeout=5)
        assert "We have sent a six-digit code" in said.text
        mails = self.store.mailbox.messages(email)
        return mails[0].subject[-6:] if len(mails) > before else ""

    def types(self, code: str, **more: str) -> requests.Response:
        return self.line.post(f"{self.base}/account/login/code", {"code": code} | more, timeout=5)

    def is_known(self) -> bool:
        return self.get("/account").url == f"{self.base}/account"


@pytest.fixture
def mira(store: Running, open_shop: Shop) -> Customer:
    return deeds.add_customer(store.state, DOMAIN, "mira@example.com", first_name="Mira")


@pytest.fixture
def visitor(store: Running, mira: Customer) -> Visitor:
    return Visitor(store)
