"""What a merchant waits for before anything of a page is seen: us, and nobody else."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask

from shopify_app import clock
from shopify_app.db import db, rest, transaction
from shopify_app.feedback.models import OPEN, Case
from shopify_app.mail import outbox
from shopify_app.mail.models import Message
from shopify_app.privacy.models import PrivacyRequest
from shopify_app.returns import requests
from shopify_app.returns.models import RECEIVED
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop
from tests import orders
from tests.buyers import Tell
from tests.home.conftest import Merchant
from tests.home.test_privacy import asked
from tests.returns import staff

one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Ear(BaseHTTPRequestHandler):
    """Shopify, as far as it hears that somebody asks; it has no answer."""

    heard: list[str]

    def do_POST(self) -> None:
        self.heard.append(self.path)
        self.send_error(503)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def heard(configure: Callable[..., None]) -> Iterator[list[str]]:
    """What Shopify was asked."""
    ear = type("OneEar", (Ear,), {"heard": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), ear)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    configure(shop_url=f"http://127.0.0.1:{server.server_port}/{{shop}}")
    yield ear.heard
    server.shutdown()
    server.server_close()


@pytest.fixture
def numbers(shop: Shop, tell: Tell) -> dict[str, int | str]:
    """One of everything that a page of its own tells of, by the name that routes give it."""
    tell("orders/create", orders.order(), "customers/data_request", asked(orders_requested=[4711]))
    tell("customers/redact", asked(orders_to_redact=[1], customer={"id": 78, "email": "x@example.com", "phone": None}))
    request = half_accepted(shop)
    with transaction():
        shop.access_token, shop.access_expires_at = "t0ken", clock.now() + timedelta(hours=1)
        case = Case(shop_id=shop.id, order_id=4711, opened_at=clock.now(), state=OPEN)
        db.session.add(case)
        outbox.write(shop, "confirmations/order", "confirmation/4711", 4711, to="x@example.com", skip="too_late")
    rest()
    message = db.session.scalars(db.select(Message.id)).first()
    assert message is not None
    known: dict[str, int | str] = {"order_id": 4711, "message_id": message, "name": "tracking/shipped"}
    return known | {"case_id": case.id, "returns": request}


def half_accepted(shop: Shop) -> int:
    """A return whose refund only Shopify can work out."""
    number = staff.file(shop)
    found = staff.found(shop, number)
    with transaction():
        found.state, found.received_at = RECEIVED, clock.now()
        [item] = requests.items(shop, [number])[number]
        item.received, item.rejected = 2, 1
        item.accept(1, "restocked")
    return number


def of(kind: str) -> int:
    return db.session.scalars(db.select(PrivacyRequest.id).where(PrivacyRequest.kind == kind)).one()


def paths(app: Flask, numbers: dict[str, int | str]) -> list[str]:
    """Every GET of a merchant's; KeyError for one that a new page brings and `numbers` does not know."""
    found = []
    for rule in app.url_map.iter_rules():
        if guards.merchant not in app.before_request_funcs.get(rule.endpoint.rpartition(".")[0], []):
            continue
        known = dict(numbers)
        if rule.rule.startswith("/privacy/"):
            known["request_id"] = of("export" if rule.rule.endswith("export") else "erase_customer")
        elif rule.rule.startswith("/returns/"):
            known["request_id"] = numbers["returns"]
        if "GET" in (rule.methods or ()):
            with app.test_request_context():
                address = app.url_map.bind("").build(rule.endpoint, {name: known[name] for name in rule.arguments})
            found.append(address)
    return found


@one_database
def test_nobody_outside_is_asked_before_a_page_answers(
    app: Flask, merchant: Merchant, numbers: dict[str, int | str], heard: list[str]
) -> None:
    """Whichever page of ours it is: the walk goes over all there are."""
    seen = []
    for path in paths(app, numbers):
        answer = merchant.opens(path)
        assert (path, answer.status_code) == (path, 200)
        assert heard == [], path
        if answer.mimetype == "text/html":
            assert answer.headers["Link"].count('rel="preload"; as="script"') == 2, path
            assert f"https://{merchant.domain}" in answer.headers["Content-Security-Policy"], path
            assert re.fullmatch(r"app;dur=\d+", answer.headers["Server-Timing"]), path
            seen.append(path)
    assert len(seen) > 25


def test_what_only_shopify_knows_is_fetched_after_the_page(
    merchant: Merchant, numbers: dict[str, int | str], heard: list[str]
) -> None:
    lines, refund = f"/returns/{numbers['returns']}/lines", f"/returns/{numbers['returns']}"
    for page, status in ((lines, 503), ("/carts/rehearsal", 503), (refund, 200), ("/returns/policy", 200)):
        assert "data-later" in merchant.opens(page).text
        assert heard == [], page
        assert merchant.fetches(page).status_code == status
        assert heard, page
        heard.clear()


@pytest.mark.parametrize("page", ["/settings/rehearsal", "/feedback/trial"])
def test_a_dry_run_shows_at_once_that_it_is_at_work(merchant: Merchant, page: str) -> None:
    """And gives no proof that it was seen before it was."""
    shown = merchant.opens(page).text
    assert "Your orders are being gone through" in shown
    assert "seen=" not in shown
    assert "seen=" in merchant.fetches(page).text
