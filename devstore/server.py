"""The whole store in threads of this process: the central site, a storefront per shop, the mail server, webhooks."""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import requests
from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from devstore import control, deeds, oauth, pages, proxy, signing
from devstore.clock import AppClock
from devstore.config import Config, Subscription, read_app
from devstore.customer_api import http as customer_api
from devstore.customer_api import oauth as customer_login
from devstore.customer_api.grants import Grants, Signer
from devstore.faults import Faults
from devstore.graphql import bulk
from devstore.graphql import http as graphql
from devstore.graphql.limits import Buckets
from devstore.logins import Logins
from devstore.oauth import Code
from devstore.payloads import View
from devstore.records import Customer
from devstore.seed import seed
from devstore.smtp import Mailbox, MailServer
from devstore.state import State
from devstore.tokens import Secrets, Tokens
from devstore.uploads import Uploads
from devstore.webhooks import Deliveries, post

ROOT = Path(__file__).parent


class Running:
    """A started store. `app_url` may be set later, when the app has its port."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.app = read_app(config.toml)
        self.client_id = config.api_key or self.app.client_id
        self.state = State(config.data)
        self.secrets = Secrets(config.api_secret)
        self.app_clock = AppClock(config.clock_file)
        self.tokens = Tokens(self.state, self.secrets, self.client_id, self.app_clock)
        self.codes: dict[str, Code] = {}
        self.logins = Logins(self.state.clock)
        self.grants = Grants(self.state.clock)
        self.signer = Signer()
        self.buckets = Buckets()
        self.uploads = Uploads()
        self.faults = Faults()
        self.mailbox = Mailbox(self.state.clock)
        self.mail = MailServer(self.mailbox, self.faults, config.smtp_port)
        self.log: Deliveries = Deliveries(
            self.state,
            self.app,
            self.faults,
            lambda: self.secrets.signs_webhooks(self.state.now()),
            config.retry_scale,
            config.senders,
        )
        self.log.view = self.view
        self.app_url = config.app_url
        self._servers: dict[str, BaseWSGIServer] = {}
        self._threads: list[threading.Thread] = []

    @property
    def app_url(self) -> str:
        return self.log.app_url

    @app_url.setter
    def app_url(self, address: str) -> None:
        self.log.app_url = address.rstrip("/")

    @property
    def url(self) -> str:
        """The central site: admin, OAuth, GraphQL, control."""
        return self._address("")

    def storefront_url(self, shop: str) -> str:
        """The root of this shop's storefront, an origin of its own. KeyError before the shop exists."""
        return self._address(shop)

    def shop_url(self, shop: str) -> str:
        """What stands for https://{shop} : the app's SHOPIFY_SHOP_URL with the shop filled in."""
        return f"{self.url}/{shop}"

    @property
    def smtp(self) -> tuple[str, int]:
        """Host and port of the mail server."""
        return self.mail.address

    def redirect_urls(self) -> list[str]:
        """The callbacks of the toml, moved to where the app runs now (as `automatically_update_urls_on_dev` does)."""
        return self._moved(self.app.redirect_urls)

    def customer_redirect_uris(self) -> list[str]:
        """Where customers come back to with a code, moved likewise."""
        return self._moved(self.app.customer_redirect_uris)

    def logout_urls(self) -> list[str]:
        return self._moved(self.app.logout_urls)

    def approve(self, shop: str) -> None:
        """The merchant agrees to what the toml asks: installs, or changes the granted scopes."""
        install = deeds.install(self.state, shop, self.app.scopes)
        wanted = {*self.app.scopes, *(set(install.scopes) & set(self.app.optional_scopes))}
        if set(install.scopes) != wanted:
            deeds.grant(self.state, shop, sorted(wanted))

    def answer_request(self, shop: str, scopes: Sequence[str], *, is_granted: bool) -> dict[str, object]:
        """What App Bridge's scopes.request() resolves to. ValueError for scopes that the toml does not name."""
        install = self.state.install(shop)
        known = {*self.app.scopes, *self.app.optional_scopes}
        if install is None or not set(scopes) <= known:
            raise ValueError("These scopes are not among the optional ones of shopify.app.toml")
        if is_granted and not set(scopes) <= set(install.scopes):
            install = deeds.grant(self.state, shop, sorted({*install.scopes, *scopes}))
        held = set(scopes) <= set(install.scopes)
        return {"result": "granted-all" if held else "declined-all", "detail": self.scopes(shop)}

    def scopes(self, shop: str) -> dict[str, list[str]]:
        """What App Bridge's scopes.query() tells."""
        install = self.state.install(shop)
        return {
            "granted": install.scopes if install else [],
            "required": sorted(self.app.scopes),
            "optional": sorted(self.app.optional_scopes),
        }

    def open_app(self, shop: str, path: str = "/", **extra: str) -> str:
        """The merchant opens the app in the admin: the address for the frame, signed. Installs when needed."""
        self.approve(shop)
        return f"{self.app_url}{path}?{oauth.launch_query(self, shop, extra)}"

    def id_token(self, shop: str) -> str:
        staff = self.state.shops[shop].staff
        return signing.id_token(self.secrets.current, self.client_id, shop, staff.id, self.app_clock.now())

    def customer_token(self, shop: str, customer: Customer | None = None) -> str:
        """What a customer-account or checkout extension gets. Nobody is named when the app may not see customers."""
        named = customer.id if customer and self.state.shops[shop].expose_customers else None
        return signing.extension_token(self.secrets.current, self.client_id, shop, named, self.app_clock.now())

    checkout_token = customer_token

    def view(self, shop: str) -> View:
        return View(self.state, self.state.shops[shop], self.storefront_url(shop), f"{self.url}/cdn")

    def forward(self, by: timedelta) -> None:
        """Move the store's time, and the app's when they share a clock file; what becomes due is done at once."""
        self.state.forward(by)
        self.app_clock.forward(by)
        self.log.wake()

    def sends(
        self,
        topic: str,
        payload: dict[str, Any],
        shop: str | None = None,
        webhook_id: str | None = None,
        copies: int = 1,
    ) -> requests.Response:
        """Send any body as a signed webhook now, in this thread; the last copy's answer. shop None = the first one.

        requests.ConnectionError when the app does not answer in time.
        """
        domain = shop or next(iter(self.state.shops))
        wanted = next((s for s in self.app.subscriptions if topic in s.topics), Subscription((topic,), "/webhooks"))
        whole = Subscription((topic,), wanted.uri)
        delivery = self.log.delivery(domain, topic, payload, whole, webhook_id=webhook_id)
        response = None
        with requests.Session() as session:
            for _ in range(copies):
                response = post(session, delivery, self.secrets.current)
        if response is None:
            raise requests.ConnectionError(f"{delivery.url}: {delivery.error}")
        return response

    def start(self) -> "Running":
        bulk.abandon(self.state)
        if self.config.seeded and not self.state.shops:
            seed(self.state)
        self._bind("", self._central, self.config.port)
        for place, shop in enumerate(self.state.shops):
            self._bind_storefront(shop, self.config.storefront_port and self.config.storefront_port + place)
        for name in self._servers:  # only now, as each page names the addresses of the others
            self._serve(name)
        self.mail.start()
        self.log.start()
        return self

    def open_storefront(self, shop: str, port: int = 0) -> str:
        """Serve a shop's storefront; its address. port 0 = any free one."""
        self._bind_storefront(shop, port)
        self._serve(shop)
        return self.storefront_url(shop)

    def stop(self) -> None:
        """End every thread and close the data file."""
        self.log.stop()
        self.mail.stop()
        for server in self._servers.values():
            server.shutdown()
        for thread in self._threads:
            thread.join()
        for server in self._servers.values():
            server.server_close()
        self.state.close()

    def _moved(self, urls: Iterable[str]) -> list[str]:
        return [urljoin(self.app_url, urlsplit(url).path) for url in urls]

    def _address(self, name: str) -> str:
        return f"http://127.0.0.1:{self._servers[name].server_port}"

    def _bind_storefront(self, shop: str, port: int) -> None:
        self._bind(shop, partial(self._storefront, shop), port)

    def _bind(self, name: str, make: Callable[[], Flask], port: int) -> None:
        """The app is made when somebody first comes: most storefronts nobody ever visits."""
        made = cache(make)

        def app(environ: WSGIEnvironment, answer: StartResponse) -> Iterable[bytes]:
            return made()(environ, answer)

        server = make_server("127.0.0.1", port, app, threaded=True)
        server.daemon_threads = True  # type: ignore[attr-defined]
        self._servers[name] = server

    def _serve(self, name: str) -> None:
        serve = self._servers[name].serve_forever
        thread = threading.Thread(target=serve, args=(0.05,), name=f"store-{name or 'central'}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _central(self) -> Flask:
        app = self._flask("central")
        for blueprint in (oauth.blueprint, graphql.blueprint, control.blueprint, *pages.central()):
            app.register_blueprint(blueprint)
        return app

    def _storefront(self, shop: str) -> Flask:
        app = self._flask(f"storefront-{shop}")
        app.config.update(SHOP=shop, SESSION_COOKIE_NAME=f"_{self.state.shops[shop].handle}")
        for blueprint in (
            proxy.blueprint(self.app),
            customer_login.blueprint,
            customer_api.blueprint,
            *pages.storefront(),
        ):
            app.register_blueprint(blueprint)
        return app

    def _flask(self, name: str) -> Flask:
        app = Flask(name, root_path=str(ROOT), template_folder="templates", static_folder="static")
        app.secret_key = self.config.api_secret
        app.extensions["devstore"] = self
        return app


def start(config: Config) -> Running:
    """Run the whole store in threads of this process; `.stop()` ends them."""
    if config.quiet:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return Running(config).start()
