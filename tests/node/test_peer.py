"""The peer of the benchmarks does what it is compared for: it verifies each webhook and answers."""

import subprocess
from collections.abc import Iterator

import pytest
import requests

from devstore import signing
from devstore.processes import free_port
from tests.setup import node

SECRET = "hush" * 8


@pytest.fixture
def peer() -> Iterator[str]:
    port = str(free_port())
    settings = {"PORT": port, "SHOPIFY_API_KEY": "key", "SHOPIFY_API_SECRET": SECRET, "NODE_ENV": "production"}
    command = ["node", "benchmarks/node/peer.js"]
    with subprocess.Popen(command, cwd=node.ROOT, env=node.environment(**settings), stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline().startswith(b"ready"), "the peer did not start"
        yield f"http://127.0.0.1:{port}/webhooks"
        process.terminate()


def test_the_peer_accepts_a_signed_webhook_and_refuses_a_forged_one(peer: str) -> None:
    body = b'{"id":1}'
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Shop-Domain": "lumen-goods.myshopify.com",
        "X-Shopify-API-Version": "2026-10",
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    }
    good = headers | {"X-Shopify-Hmac-Sha256": signing.webhook(SECRET, body)}
    forged = headers | {"X-Shopify-Hmac-Sha256": signing.webhook("x" * 32, body)}
    assert requests.post(peer, body, headers=good, timeout=5).status_code == 200
    assert requests.post(peer, body, headers=forged, timeout=5).status_code == 401
