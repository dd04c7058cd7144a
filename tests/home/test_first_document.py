"""What a merchant waits for before anything of a page is seen: us, and nobody else."""

import gzip
import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask

from shopify_app import clock
from shopify_app.db import transaction
from shopify_app.shopify.models import Shop
from tests.buyers import Tell
from tests.home import every_page
from tests.home.conftest import Merchant
from tests.routes import Values

ADDRESS = re.compile(r"/static/[^\"]+")
GZIP = {"Accept-Encoding": "gzip"}
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
def numbers(shop: Shop, tell: Tell) -> Values:
    known = every_page.furnish(shop, tell)
    with transaction():
        shop.access_token, shop.access_expires_at = "t0ken", clock.now() + timedelta(hours=1)
    return known


@one_database
def test_nobody_outside_is_asked_before_a_page_answers(
    app: Flask, merchant: Merchant, numbers: Values, heard: list[str]
) -> None:
    """Whichever page of ours it is: the walk goes over all there are."""
    seen = []
    for path in every_page.paths(app, numbers):
        answer = merchant.opens(path)
        assert (path, answer.status_code) == (path, 200)
        assert heard == [], path
        if answer.mimetype == "text/html" and "Content-Disposition" not in answer.headers:
            assert answer.headers["Link"].count('rel="preload"; as="script"') == 2, path
            assert f"https://{merchant.domain}" in answer.headers["Content-Security-Policy"], path
            assert re.fullmatch(r"app;dur=\d+", answer.headers["Server-Timing"]), path
            seen.append(path)
    assert len(seen) > 25


def test_what_only_shopify_knows_is_fetched_after_the_page(
    merchant: Merchant, numbers: Values, heard: list[str]
) -> None:
    lines, refund = (
        f"/returns/{numbers['returns_review', 'request_id']}/lines",
        f"/returns/{numbers['returns_review', 'request_id']}",
    )
    for page, status in ((lines, 503), ("/carts/rehearsal", 503), (refund, 200), ("/returns/policy", 200)):
        assert "data-later" in merchant.opens(page).text
        assert heard == [], page
        assert merchant.fetches(page).status_code == status
        assert heard, page
        heard.clear()


@one_database
@pytest.mark.parametrize("piece", ["/health/lights", "/figures/tiles/carts", "/feedback/trial"])
def test_what_comes_after_a_page_brings_no_script_a_second_time(merchant: Merchant, piece: str) -> None:
    assert "Link" not in merchant.fetches(piece).headers


@pytest.mark.parametrize("page", ["/settings/rehearsal", "/feedback/trial"])
def test_a_dry_run_shows_at_once_that_it_is_at_work(merchant: Merchant, page: str) -> None:
    """And gives no proof that it was seen before it was."""
    shown = merchant.opens(page).text
    assert "Your orders are being gone through" in shown
    assert "seen=" not in shown
    assert "seen=" in merchant.fetches(page).text


def test_a_page_comes_packed_to_a_browser_that_can_unpack_it(merchant: Merchant) -> None:
    plain = merchant.opens("/settings")
    packed = merchant.asks("GET", "/settings", query_string=merchant.frame | {"id_token": merchant.token}, headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data).startswith(b"<!doctype html>")
    assert len(packed.data) * 3 < len(plain.data)


@one_database
def test_what_never_changes_is_fetched_once_and_what_is_older_than_its_address_soon_again(
    shop: Shop, merchant: Merchant
) -> None:
    files = sorted(set(ADDRESS.findall(merchant.opens("/").text)))
    assert [one.partition("?")[0] for one in files] == ["/static/admin.css", "/static/admin.js"]
    for address in files:
        assert merchant.asks("GET", address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
        later = merchant.asks("GET", address.partition("?")[0] + "?v=0123456789ab")
        assert later.headers["Cache-Control"] == "public, max-age=60"
