"""python -m devstore: what a developer types."""

import json
import os
import subprocess
import sys
from pathlib import Path

from flask import Response

from devstore import signing

from .conftest import SECRET, SmallApp

ROOT = Path(__file__).parents[2]


def run(app: SmallApp, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    env = os.environ | {"APP_URL": app.url, "SHOPIFY_API_SECRET": SECRET}
    command = [sys.executable, "-m", "devstore", *words]
    return subprocess.run(command, cwd=ROOT, env=env, input=given, capture_output=True, timeout=60)


def test_any_file_is_sent_byte_for_byte_with_a_good_signature(app: SmallApp, tmp_path: Path) -> None:
    body = b'{ "id": 1,\r\n "note": "Gr\xc3\xbc\xc3\x9fe" }\n'
    (tmp_path / "order.json").write_bytes(body)
    done = run(app, "send", "--topic", "orders/create", str(tmp_path / "order.json"), "-", given=b"not json")
    assert done.returncode == 0, done.stderr
    assert [heard.body for heard in app.heard] == [body, b"not json"]
    assert app.heard[0].headers["X-Shopify-Hmac-Sha256"] == signing.webhook(SECRET, body)
    assert done.stdout.decode().count("200 ") == 2 and "ms" in done.stdout.decode()


def test_a_refused_file_fails_the_command(app: SmallApp, tmp_path: Path) -> None:
    app.answer = lambda heard: Response("", 401)
    (tmp_path / "order.json").write_text("{}")
    done = run(app, "send", "--topic", "orders/create", "--webhook-id", "w-1", str(tmp_path / "order.json"))
    assert done.returncode == 1
    assert app.heard[0].headers["X-Shopify-Webhook-Id"] == "w-1"


def test_a_burst_gives_every_body_ids_of_its_own(app: SmallApp, tmp_path: Path) -> None:
    body = {"id": 1, "admin_graphql_api_id": "gid://shopify/Order/1", "name": "#1", "email": "mira@example.com"}
    (tmp_path / "order.json").write_text(json.dumps(body))
    file = str(tmp_path / "order.json")
    done = run(app, "burst", "--topic", "orders/create", "--count", "20", "--connections", "4", "--copies", "3", file)
    assert done.returncode == 0, done.stderr
    sent = [json.loads(heard.body) for heard in app.heard]
    assert len(sent) == 60 and len({each["id"] for each in sent}) == 20
    assert all(each["admin_graphql_api_id"].endswith(f"/{each['id']}") for each in sent)
    assert len({heard.headers["X-Shopify-Webhook-Id"] for heard in app.heard}) == 20
    assert "p99" in done.stdout.decode() and "60" in done.stdout.decode()
