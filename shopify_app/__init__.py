"""Aftercare: everything after "Pay now". One screen of how the app is put together."""

import tomllib
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from shopify_app import (
    bounces,
    carts,
    changes,
    clock,
    config,
    confirmations,
    db,
    faults,
    feedback,
    health,
    home,
    limits,
    logs,
    numbers,
    optouts,
    privacy,
    queue,
    referrals,
    returns,
    statics,
    tracking,
    webhooks,
)
from shopify_app.secrets import Box
from shopify_app.shopify import guards

ROOT = Path(__file__).parents[1]


def create_app(settings: config.Config | None = None) -> Flask:
    """The app as its environment describes it; raises config.ConfigError, naming the variable that is wrong."""
    settings = settings or config.read()
    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 60
    app.extensions["config"] = settings
    app.extensions["scopes"] = declared()["access_scopes"]["scopes"]
    app.extensions["secrets"] = Box(settings.encryption_keys, settings.index_key)

    logs.configure(settings.log_level)
    clock.configure(settings.clock_file)
    faults.configure(settings.kill_at)
    db.init_app(app, settings.database_url)
    queue.init_app(app, settings.redis_url)
    limits.init_app(app, settings)
    numbers.init_app(app)

    buyers = (tracking, confirmations, changes, returns, carts, feedback, referrals, optouts, bounces, privacy)
    features = (health, home, *buyers)
    for blueprint in (one for feature in features for one in feature.blueprints):
        app.register_blueprint(blueprint)
    app.after_request(guards.frame_ancestors)
    app.after_request(statics.keep)
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1 + settings.proxies, x_proto=1, x_host=1)  # type: ignore[method-assign]
    webhooks.mount(app)
    return app


def declared() -> dict[str, Any]:
    """What shopify.app.toml tells Shopify about us."""
    return tomllib.loads((ROOT / "shopify.app.toml").read_text())
