"""Everything the outside may set, read once at the start. A missing or wrong value stops the start, by name."""

import base64
import binascii
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from limits import parse_many


class ConfigError(Exception):
    """A variable of the environment is missing or wrong; the message begins with its name."""


@dataclass(frozen=True, slots=True)
class Config:
    app_url: str
    """Public address of the app, without a trailing slash."""
    api_key: str
    api_secret: str
    api_secret_old: str | None
    """The retiring client secret while a rotation is under way."""
    database_url: str
    redis_url: str | None
    """None: no doorbell; the workers look into the database themselves."""
    encryption_keys: tuple[bytes, ...]
    """32 bytes each; the first one encrypts, all of them decrypt."""
    index_key: bytes
    smtp_url: str
    mail_from: str
    smtp_idempotency_header: str | None
    """Name of the header by which the mail provider recognises a repeated message; None: it does not."""
    postmark_secret: str | None
    """The password in the address that Postmark tells of bounces; None: it does not."""
    mailgun_key: str | None
    """The key by which Mailgun signs what it tells of bounces; None: it does not."""
    shop_url: str
    """Template of a shop's own Shopify address, with {shop}."""
    admin_url: str
    cdn_url: str
    lease: int
    """Seconds a worker may hold a row before others take it over."""
    webhook_limit: int
    """Bytes a webhook body may have."""
    lookup_limits: tuple[str, str, str]
    """Look-ups allowed per visitor address, per order number and per e-mail or phone, as in "20 per 10 minutes"."""
    code_limits: str
    login_limits: str
    """Codes that may be tried for one order, as in "5 per 10 minutes;20 per day": both hold."""
    link_days: int
    """Days a signed link to an order stays valid."""
    raw_days: int
    """Days the raw body of a webhook is kept."""
    proxies: int
    """Load balancers of our own between Shopify and the app: so many addresses behind the visitor's are not his."""
    karrio_url: str | None
    """A karrio server that is asked about parcels, without a trailing slash; None: carriers are not asked."""
    karrio_key: str | None
    karrio_hours: int
    """How long it is left alone about one parcel."""
    photos_url: str
    """Where buyers' photos lie: file:///a/folder, or s3://bucket/prefix?endpoint=https://…&region=…"""
    pricing_handle: str | None
    """What the app is called in Shopify's App Store, where its plans are sold; None: it is free."""
    trial_days: int
    """From the first install, where a plan brings no trial of its own."""
    clock_file: str | None
    """A file with seconds to add to the real time: how the store on this machine travels in time."""
    kill_at: str | None
    """A named point of the path at which the process kills itself: fault tests only."""
    log_level: str

    @property
    def secrets(self) -> tuple[str, ...]:
        """Client secrets that sign at the moment, the current one first."""
        return (self.api_secret, self.api_secret_old) if self.api_secret_old else (self.api_secret,)


def read(env: Mapping[str, str] = os.environ) -> Config:
    """The configuration in `env`; raises ConfigError naming the first variable that is missing or wrong."""
    karrio_url, karrio_key = _karrio(env)
    return Config(
        app_url=_url(env, "APP_URL"),
        api_key=_text(env, "SHOPIFY_API_KEY"),
        api_secret=_text(env, "SHOPIFY_API_SECRET"),
        api_secret_old=env.get("SHOPIFY_API_SECRET_OLD") or None,
        database_url=_database(env, "DATABASE_URL"),
        redis_url=_redis(env, "REDIS_URL"),
        encryption_keys=_keys(env, "ENCRYPTION_KEYS"),
        index_key=_keys(env, "INDEX_KEY")[0],
        smtp_url=_smtp(env, "SMTP_URL"),
        mail_from=_sender(env, "MAIL_FROM"),
        smtp_idempotency_header=_header(env, "SMTP_IDEMPOTENCY_HEADER"),
        postmark_secret=env.get("POSTMARK_SECRET") or None,
        mailgun_key=env.get("MAILGUN_SIGNING_KEY") or None,
        shop_url=_template(env, "SHOPIFY_SHOP_URL", "https://{shop}"),
        admin_url=_url(env, "SHOPIFY_ADMIN_URL", "https://admin.shopify.com"),
        cdn_url=_url(env, "SHOPIFY_CDN_URL", "https://cdn.shopify.com/shopifycloud"),
        lease=_number(env, "WORK_LEASE_SECONDS", 60),
        webhook_limit=_number(env, "WEBHOOK_LIMIT_BYTES", 16 * 1024 * 1024),
        lookup_limits=_limits(env, "LOOKUP_LIMITS", "20 per 10 minutes;5 per hour;10 per hour"),
        code_limits=_limit(env, "CODE_LIMITS", "5 per 10 minutes;20 per day"),
        login_limits=_limit(env, "LOGIN_LIMITS", "30 per 10 minutes"),
        link_days=_number(env, "LINK_DAYS", 60),
        raw_days=_number(env, "RAW_WEBHOOK_DAYS", 30),
        proxies=_number(env, "TRUSTED_PROXIES", 0, least=0),
        karrio_url=karrio_url,
        karrio_key=karrio_key,
        karrio_hours=_number(env, "KARRIO_HOURS", 4),
        photos_url=_photos(env, "PHOTOS_URL"),
        pricing_handle=_handle(env, "PRICING_HANDLE"),
        trial_days=_number(env, "TRIAL_DAYS", 14, least=0),
        clock_file=env.get("CLOCK_FILE") or None,
        kill_at=env.get("KILL_AT") or None,
        log_level=_level(env, "LOG_LEVEL"),
    )


def _text(env: Mapping[str, str], name: str, default: str | None = None) -> str:
    value = env.get(name) or default
    if value is None:
        raise ConfigError(f"{name} is not set")
    return value


def _url(env: Mapping[str, str], name: str, default: str | None = None) -> str:
    value = _text(env, name, default).rstrip("/")
    if not _is_address(value, "http", "https"):
        raise ConfigError(f"{name} must be an http(s) address, not {value!r}")
    return value


def _template(env: Mapping[str, str], name: str, default: str) -> str:
    value = _url(env, name, default)
    if "{shop}" not in value:
        raise ConfigError(f"{name} must contain {{shop}}")
    return value


def _smtp(env: Mapping[str, str], name: str) -> str:
    value = _text(env, name)
    if not _is_address(value, "smtp", "smtps", "smtp+starttls"):
        raise ConfigError(f"{name} must look like smtp://user:password@host:port (or smtps, smtp+starttls)")
    return value


def _redis(env: Mapping[str, str], name: str) -> str | None:
    value = env.get(name) or None
    if value is not None and not _is_address(value, "redis", "rediss"):
        raise ConfigError(f"{name} must be a redis:// or rediss:// address")
    return value


def _karrio(env: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Address and key, both or neither: half of it would be off without a word."""
    if not env.get("KARRIO_URL") and not env.get("KARRIO_KEY"):
        return None, None
    key = _text(env, "KARRIO_KEY")
    if not re.fullmatch("[!-~]+", key):
        raise ConfigError("KARRIO_KEY must be a key as karrio shows it, as in key_0123456789abcdef")
    return _url(env, "KARRIO_URL"), key


def _photos(env: Mapping[str, str], name: str) -> str:
    """A folder beside the app, as long as there is nothing better."""
    value = env.get(name) or (Path(__file__).parents[1] / "photos").as_uri()
    endpoint = parse_qs(urlsplit(value).query).get("endpoint", ["https://s3.amazonaws.com"])[0]
    is_bucket = _is_address(value, "s3") and _is_address(endpoint, "http", "https")
    if not (value.startswith("file:///") or is_bucket):
        raise ConfigError(f"{name} must look like file:///var/photos or s3://bucket/prefix?endpoint=https://…&region=…")
    return value


def _is_address(value: str, *schemes: str, needs_host: bool = True) -> bool:
    """Whether it has one of the schemes, a host, and a port that is a number or none."""
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and (bool(parts.hostname) or not needs_host) and parts.port != 0
    except ValueError:
        return False


def _sender(env: Mapping[str, str], name: str) -> str:
    value = _text(env, name)
    if "@" not in parseaddr(value)[1] or not value.isprintable():
        raise ConfigError(f'{name} must look like "Lumen Goods <orders@example.com>"')
    return value


def _header(env: Mapping[str, str], name: str) -> str | None:
    value = env.get(name) or None
    if value is not None and not re.fullmatch(r"[A-Za-z0-9-]+", value):
        raise ConfigError(f"{name} must be the name of a header, as in Resend-Idempotency-Key")
    return value


def _handle(env: Mapping[str, str], name: str) -> str | None:
    value = env.get(name) or None
    if value is not None and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", value):
        raise ConfigError(f"{name} must be the app's handle, as in aftercare")
    return value


def _level(env: Mapping[str, str], name: str) -> str:
    value = _text(env, name, "INFO").upper()
    if value not in logging.getLevelNamesMapping():
        raise ConfigError(f"{name} must be DEBUG, INFO, WARNING or ERROR")
    return value


def _database(env: Mapping[str, str], name: str) -> str:
    """Accepts the postgres:// form that hosts hand out; the driver is always psycopg 3."""
    value = _text(env, name)
    for prefix in ("postgres://", "postgresql://"):
        if value.startswith(prefix):
            value = "postgresql+psycopg://" + value.removeprefix(prefix)
    if not (value.startswith("sqlite:///") or _is_address(value, "postgresql+psycopg", needs_host=False)):
        raise ConfigError(f"{name} must be a sqlite:/// or postgresql:// address")
    return value


def _keys(env: Mapping[str, str], name: str) -> tuple[bytes, ...]:
    try:
        keys = tuple(base64.urlsafe_b64decode(part.strip()) for part in _text(env, name).split(","))
    except (binascii.Error, ValueError):
        keys = ()
    if not keys or any(len(key) != 32 for key in keys):
        raise ConfigError(f"{name} must hold url-safe base64 of 32 bytes (python -m shopify_app new-key prints one)")
    return keys


def _number(env: Mapping[str, str], name: str, default: int, least: int = 1) -> int:
    value = env.get(name) or str(default)
    if not re.fullmatch("[0-9]{1,12}", value) or int(value) < least:
        raise ConfigError(f"{name} must be a whole number of at least {least}, not {value!r}")
    return int(value)


def _limit(env: Mapping[str, str], name: str, default: str) -> str:
    """Written as the limits library reads it; several, parted by ";", hold together."""
    value = _text(env, name, default)
    try:
        parse_many(value)
    except ValueError as error:
        raise ConfigError(f"{name} must hold limits, as in {default!r}") from error
    return value


def _limits(env: Mapping[str, str], name: str, default: str) -> tuple[str, str, str]:
    """Written as the limits library reads them."""
    parts = _text(env, name, default).split(";")
    try:
        for part in parts:
            parse_many(part)
    except ValueError:
        parts = []
    if len(parts) != 3:
        raise ConfigError(f"{name} must hold three limits, as in {default!r}: per address, order, e-mail or phone")
    return parts[0], parts[1], parts[2]
