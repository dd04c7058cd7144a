"""By which words a text names somebody: "order:4711", "customer:7", "email:ann@example.com", "phone:12345678".

What Shopify sends is read as the JSON it is, so that a product with an order's number is not taken for the order. What
is no JSON is read as loosely as can be: erasing too much of a broken body harms nobody.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from shopify_app.orders.facts import email_key, name_key

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

LONGEST = 254
"""Signs that an address may have."""
_DOMAIN = re.compile(r"@([\w.-]+)")
_LOCAL = re.compile(r"[^\s@<>\"(),:;\[\]\\]+\Z")
_BEFORE = re.compile(r"[=/?&#]")
"""May stand in an address, but in a link they stand before one."""
PHONE = re.compile(r"[+(]?\d[\d ().\u00a0/-]{6,}\d")
_GID = re.compile(r"gid://shopify/(Order|Customer)/(\d{1,19})(?!\d)")
_NUMBER = re.compile(r"(?<!\d)\d{1,19}(?!\d)")
"""None of Shopify's is longer, and thousands of digits are more than Python makes a number of."""


def of_body(body: bytes, topic: str) -> set[str]:
    """Of a raw body; `topic` tells what its outermost `id` is."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return _loose(body.decode("utf-8", "replace"))
    return of_content(content, topic)


def of_content(content: Any, topic: str = "") -> set[str]:
    """Of what stood in a body, or in an encrypted column. Without recursion: Shopify's bodies are flat, a stranger's
    may be as deep as JSON allows.
    """
    found, texts, rest = set(), [], [(NOUNS.get(topic.partition("/")[0]), content)]
    while rest:
        noun, value = rest.pop()
        if isinstance(value, dict):
            rest += [(noun if key == "id" else NOUNS.get(key), below) for key, below in value.items()]
        elif isinstance(value, list):
            rest += [(noun, below) for below in value]
        elif noun and _NUMBER.fullmatch(str(value)):
            found.add(f"{noun}:{int(value)}")
        elif isinstance(value, str):
            texts.append(value)
    return found | _of_text("\n".join(texts))


def of_number(number: str) -> str:
    """An order's number as somebody typed it: #1001 and 1001 are the same."""
    return f"name:{name_key(number)}"


def _of_text(text: str) -> set[str]:
    """A telephone may be a household's: beside an e-mail address it tells nothing."""
    found = {f"{kind.lower()}:{int(number)}" for kind, number in _GID.findall(text)}
    if "@" in text or "%40" in text:
        addresses = {f"email:{email_key(address)}" for address in _emails(unquote(text))}
        if addresses:
            return found | addresses
    return found | {f"phone:{key}" for run in PHONE.findall(text) if (key := _phone_key(run))}


def _emails(text: str) -> Iterator[str]:
    """Each whole, and as it is when what stands before it or around it is none of it. From the @ outwards: to try every
    beginning would take hours with a megabyte of one word.
    """
    for sign in _DOMAIN.finditer(text):
        local = _LOCAL.search(text, max(0, sign.start() - LONGEST), sign.start())
        for start in {local[0], local[0].strip("'"), _BEFORE.split(local[0])[-1].strip("'")} if local else ():
            yield f"{start}@{sign[1].rstrip('.-')}"


def _phone_key(run: str) -> str | None:
    """As orders.facts.phone_key has it of a number of plausible length, without asking the world's numbering plans."""
    digits = "".join(sign for sign in run if sign.isdigit())
    return digits[-8:] if 8 <= len(digits) <= 15 else None


def _loose(text: str) -> set[str]:
    text = re.sub(r"\\[nrt/]", " ", text).replace("\\u0040", "@")
    ids = {f"{noun}:{int(number)}" for number in _NUMBER.findall(text) for noun in ("order", "customer")}
    return ids | _of_text(text)
