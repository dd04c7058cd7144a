"""By which words a text names somebody: "order:4711", "customer:7", "email:ann@example.com", "phone:12345678".

What Shopify sends is read as the JSON it is, so that a product with an order's number is not taken for the order. What
is no JSON is read as loosely as can be: erasing too much of a broken body harms nobody.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from shopify_app.orders.facts import email_key, name_key, phone_key

NOUNS = {
    "order": "order",
    "orders": "order",
    "order_id": "order",
    "orders_requested": "order",
    "orders_to_redact": "order",
    "customer": "customer",
    "customers": "customer",
    "customer_id": "customer",
}
"""Key → what a number below it is, or the `id` of an object below it; also the first word of a topic."""

_EMAIL = re.compile(r"([^\s@<>\"(),:;\[\]\\]+)@([\w.-]+)")
_BEFORE = re.compile(r"[=/?&#]")
"""May stand in an address, but in a link they stand before one."""
PHONE = re.compile(r"[+(]?\d[\d ().\u00a0/-]{6,}\d")
_GID = re.compile(r"gid://shopify/(Order|Customer)/(\d+)")
_NUMBER = re.compile(r"\d+")


def of_body(body: bytes, topic: str) -> set[str]:
    """Of a raw body; `topic` tells what its outermost `id` is."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return _without_shared(_loose(body.decode("utf-8", "replace")))
    return of_content(content, topic)


def of_content(content: Any, topic: str = "") -> set[str]:
    """Of what stood in a body, or in an encrypted column."""
    return _without_shared(set(_all(content, NOUNS.get(topic.partition("/")[0]))))


def of_number(number: str) -> str:
    """An order's number as somebody typed it: #1001 and 1001 are the same."""
    return f"name:{name_key(number)}"


def _all(content: Any, noun: str | None) -> Iterator[str]:
    """Without recursion: Shopify's bodies are flat, a stranger's may be as deep as JSON allows."""
    rest = [(noun, content)]
    while rest:
        noun, value = rest.pop()
        if isinstance(value, dict):
            rest += [(noun if key == "id" else NOUNS.get(key), below) for key, below in value.items()]
        elif isinstance(value, list):
            rest += [(noun, below) for below in value]
        elif noun and str(value).isdecimal():
            yield f"{noun}:{int(value)}"
        elif isinstance(value, str):
            yield from _of_text(value)


def _of_text(text: str) -> Iterator[str]:
    if "@" in text or "%40" in text:
        yield from (f"email:{email_key(found)}" for found in _emails(unquote(text)))
    yield from (f"{kind.lower()}:{number}" for kind, number in _GID.findall(text))
    yield from (f"phone:{key}" for found in PHONE.findall(text) if (key := phone_key(found, None)))


def _emails(text: str) -> Iterator[str]:
    """Each whole, and as it is when what stands before it or around it is none of it."""
    for local, domain in _EMAIL.findall(text):
        for start in (local, local.strip("'"), _BEFORE.split(local)[-1].strip("'")):
            yield f"{start}@{domain.rstrip('.-')}"


def _loose(text: str) -> set[str]:
    text = re.sub(r"\\[nrt/]", " ", text).replace("\\u0040", "@")
    ids = {f"{noun}:{int(number)}" for number in _NUMBER.findall(text) for noun in ("order", "customer")}
    return ids | set(_of_text(text))


def _without_shared(words: set[str]) -> set[str]:
    """A telephone may be a household's: beside an e-mail address it tells nothing."""
    if any(word.startswith("email:") for word in words):
        return {word for word in words if not word.startswith("phone:")}
    return words
