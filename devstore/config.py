"""What the store is told at its start, and what shopify.app.toml tells it about the app."""

import os
import shlex
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

COMPLIANCE = ("customers/data_request", "customers/redact", "shop/redact")


@dataclass(frozen=True)
class Subscription:
    """One `[[webhooks.subscriptions]]` entry. include_fields empty = the whole body."""

    topics: tuple[str, ...]
    uri: str
    include_fields: tuple[str, ...] = ()
    name: str | None = None


@dataclass(frozen=True)
class AppConfig:
    """shopify.app.toml as the store needs it."""

    client_id: str
    name: str
    handle: str
    scopes: tuple[str, ...]
    optional_scopes: tuple[str, ...]
    """Asked for by App Bridge while the app runs."""
    redirect_urls: tuple[str, ...]
    customer_redirect_uris: tuple[str, ...]
    """Where customers who logged in for the app may be sent back to; logout_urls: after they logged out."""
    logout_urls: tuple[str, ...]
    api_version: str
    subscriptions: tuple[Subscription, ...]
    proxy_url: str
    proxy_prefix: str
    proxy_subpath: str


@dataclass(frozen=True)
class Config:
    """A port of 0 is any free port. data None keeps nothing. api_key None takes the client id of the toml.

    storefront_port is the first shop's; the following shops get the ports after it. retry_scale shortens what
    webhook retries and late deliveries wait: 1 is Shopify's eight tries in four hours, 0.001 makes it 14 s.
    clock_file is where the app reads how far its time is shifted; the store moves it along with its own and dates
    signatures by it. seeded False starts without any shop.
    """

    app_url: str
    api_secret: str
    api_key: str | None = None
    toml: Path = Path("shopify.app.toml")
    extensions: Path = Path("extensions")
    data: Path | None = None
    port: int = 7400
    storefront_port: int = 7401
    smtp_port: int = 7425
    retry_scale: float = 1.0
    clock_file: Path | None = None
    senders: int = 4
    seeded: bool = True
    quiet: bool = True


@dataclass(frozen=True)
class Defaults:
    """What the commands take when nothing is given: the environment, else the demo's file."""

    app_url: str | None
    api_key: str | None
    api_secret: str | None
    values: dict[str, str] = field(repr=False)


def defaults(file: Path = Path(".demo/env")) -> Defaults:
    """The environment wins over the demo's KEY=value lines, which a shell could read too; both may be absent."""
    lines = file.read_text().splitlines() if file.exists() else []
    words = [word for line in lines for word in shlex.split(line, comments=True) if "=" in word]
    values = dict(word.split("=", 1) for word in words) | dict(os.environ)
    return Defaults(values.get("APP_URL"), values.get("SHOPIFY_API_KEY"), values.get("SHOPIFY_API_SECRET"), values)


def read_app(path: Path) -> AppConfig:
    """ValueError for what the store does not play, so that nobody takes silence for truth."""
    toml = tomllib.loads(path.read_text())
    proxy = toml.get("app_proxy", {})
    access = toml.get("access_scopes", {})
    customers = toml.get("customer_authentication", {})
    return AppConfig(
        client_id=toml["client_id"],
        name=toml["name"],
        handle=toml.get("handle", toml["name"].casefold()),
        scopes=tuple(scope.strip() for scope in access.get("scopes", "").split(",") if scope.strip()),
        optional_scopes=tuple(access.get("optional_scopes", ())),
        redirect_urls=tuple(toml["auth"]["redirect_urls"]),
        customer_redirect_uris=tuple(customers.get("redirect_uris", [])),
        logout_urls=tuple(customers.get("logout_urls", [])),
        api_version=toml["webhooks"]["api_version"],
        subscriptions=tuple(_subscription(entry) for entry in toml["webhooks"].get("subscriptions", [])),
        proxy_url=proxy.get("url", ""),
        proxy_prefix=proxy.get("prefix", ""),
        proxy_subpath=proxy.get("subpath", ""),
    )


def _subscription(entry: dict[str, object]) -> Subscription:
    if "filter" in entry:
        raise ValueError("the store on this machine does not play webhook filters")
    topics = [*_words(entry, "topics"), *_words(entry, "compliance_topics")]
    name = entry.get("name")
    return Subscription(tuple(topics), str(entry["uri"]), tuple(_words(entry, "include_fields")), name and str(name))  # type: ignore[arg-type]


def _words(entry: dict[str, object], key: str) -> list[str]:
    found = entry.get(key, [])
    return [str(word) for word in found] if isinstance(found, list) else []
