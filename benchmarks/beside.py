"""The app, and a store beside it, both in this process and in one time, as the tests have them."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from werkzeug.serving import make_server

from devstore import config as store_config
from devstore import deeds, server
from devstore.records import Address
from shopify_app import config, create_app

LUMEN = "lumen-goods.myshopify.com"
KEY, SECRET = "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "hush-hush-hush-hush-hush-hush-32"


@contextmanager
def running(folder: Path) -> Iterator[tuple[Flask, server.Running]]:
    """Inside the app's context, with an empty database in that folder and one shop without goods."""
    app = _app(folder)
    with app.app_context():
        upgrade()
        front = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=front.serve_forever, daemon=True).start()
        store = _store(app, f"http://127.0.0.1:{front.server_port}")
        yield app, store
        store.stop()
        front.shutdown()
        front.server_close()
        app.extensions["intake"].close()


def _app(folder: Path) -> Flask:
    env = {
        "APP_URL": "https://aftercare.example.com",
        "SHOPIFY_API_KEY": KEY,
        "SHOPIFY_API_SECRET": SECRET,
        "DATABASE_URL": f"sqlite:///{folder}/app.db",
        "ENCRYPTION_KEYS": base64.urlsafe_b64encode(b"e" * 32).decode(),
        "INDEX_KEY": base64.urlsafe_b64encode(b"i" * 32).decode(),
        "SMTP_URL": "smtp://127.0.0.1:9",
        "MAIL_FROM": "Lumen Goods <orders@lumen-goods.example>",
        "PHOTOS_URL": (folder / "photos").as_uri(),
        "CLOCK_FILE": str(folder / "clock"),
        "LOG_LEVEL": "ERROR",
    }
    return create_app(config.read(env))


def _store(app: Flask, address: str) -> server.Running:
    settings = app.extensions["config"]
    free = {"port": 0, "storefront_port": 0, "smtp_port": 0}
    given = store_config.Config(
        app_url=address, api_secret=SECRET, api_key=KEY, clock_file=Path(settings.clock_file), seeded=False, **free
    )
    store = server.start(given)
    home = Address(city="Berlin", country="Germany", country_code="DE")
    deeds.add_shop(store.state, LUMEN, "Lumen Goods", email="owner@example.com", address=home)
    store.open_storefront(LUMEN)
    host, port = store.smtp
    app.extensions["config"] = replace(
        settings,
        app_url=address,
        shop_url=store.url + "/{shop}",
        admin_url=store.url,
        cdn_url=f"{store.url}/cdn",
        smtp_url=f"smtp://{host}:{port}",
    )
    return store
