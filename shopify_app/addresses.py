"""Addresses that others wrote: merchants, carriers, Shopify."""

import unicodedata
from urllib.parse import urlsplit, urlunsplit


def web(address: str | None) -> str | None:
    """The address when a browser may follow it; None for anything else (javascript:, a bare number)."""
    try:
        return address if address and urlsplit(address).scheme in ("http", "https") else None
    except ValueError:
        return None


def picture(address: str | None, pixels: int) -> str | None:
    """A product's picture in about the size it is shown in: Shopify scales by `width`. None when it is no address."""
    if web(address) is None:
        return None
    parts = urlsplit(address or "")
    query = f"{parts.query}&width={pixels}" if parts.query else f"width={pixels}"
    return urlunsplit(parts._replace(query=query))


def email_key(email: str) -> str:
    """The same for every way to write an e-mail address."""
    return unicodedata.normalize("NFKC", email).strip().casefold()
