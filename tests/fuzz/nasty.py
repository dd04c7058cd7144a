"""What a fuzzer writes instead of what belongs there. Everything follows from one seeded generator."""

import copy
import json
import random
from collections.abc import Sequence
from typing import Any

TEXTS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202egnp.exe",
    "🧨" * 40,
    "ﬀ ſ İ ı",
    "é" * 300,
    "x" * 70_000,
    "null",
    "true",
    "-1",
    "١٢٣",
    "1e400",
    "NaN",
    "1e999999999",
    "0x10",
    "9" * 25,
    "9" * 5_000,
    "12.345",
    "-0.005",
    "not a time",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-02-30T10:00:00Z",
    "2026-11-21T10:00:00.123456789Z",
    "0000-00-00",
    "XXX",
    "{{ shop.name }}",
    "{% include 'x' %}",
    "{0.__class__}",
    "{name}",
    "%s%n",
    "<script>alert(1)</script>",
    "'\"><img src=x onerror=alert(1)>",
    "'; DROP TABLE orders; --",
    "a@example.com\r\nBcc: b@example.com",
    "@",
    "a@b@c",
    "mira@example.com",
    "javascript:alert(1)",
    "http://[",
    "//evil.example/",
    "../../../../etc/passwd",
    "gid://shopify/Order/abc",
    "https://second-shop.myshopify.com",
    "second-shop.myshopify.com",
    "evil.example/.myshopify.com",
    "lumen-goods.myshopify.com\n",
)
NUMBERS = (0, -1, 1, 2**31, 2**32, 2**63 - 1, 2**63, -(2**63) - 1, 2**64, 10**30, 0.1, -0.0, 1e308, 5e-324)
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], [None], {"": None}, [1, "2", {}], {"id": {}})


def value(rng: random.Random) -> Any:
    """Any JSON value that somebody did not expect."""
    chosen = rng.choice((TEXTS, TEXTS, NUMBERS, OTHERS))
    return copy.deepcopy(rng.choice(chosen))  # the next change may go into it


def text(rng: random.Random) -> str:
    return str(rng.choice(TEXTS)) if rng.random() < 0.8 else str(rng.choice(NUMBERS))


def mutated(rng: random.Random, body: Any) -> Any:
    """The same JSON value with one to four places changed. The one given is left as it was."""
    body = json.loads(json.dumps(body))
    for _ in range(rng.choice((1, 1, 2, 4))):
        body = _change(rng, body)
    return body


def _change(rng: random.Random, body: Any) -> Any:
    places = list(_places(body))
    if not places or rng.random() < 0.02:
        return value(rng)
    holder, key = rng.choice(places)
    match rng.randrange(8):
        case 0:
            del holder[key]
        case 1 if isinstance(holder[key], list):
            holder[key] = holder[key] * rng.choice((2, 50))
        case 2:
            holder[key] = [holder[key]]
        case 3:
            holder[key] = {"id": holder[key]}
        case 4:
            holder[key] = str(holder[key])
        case _:
            holder[key] = value(rng)
    return body


def _places(body: Any) -> Any:
    """Every holder and key inside a JSON value."""
    pairs: Any = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, inner in pairs:
        yield body, key
        yield from _places(inner)


def scrambled(rng: random.Random, raw: bytes) -> bytes:
    """The same bytes, cut, repeated, flipped or spoiled."""
    at, end = sorted((rng.randrange(len(raw) + 1), rng.randrange(len(raw) + 1)))
    match rng.randrange(9):
        case 0:
            return raw[:at]
        case 1:
            return raw[:at] + raw[end:]
        case 2:
            return raw[:end] + raw[at:]
        case 3:
            return raw[:at] + bytes((rng.randrange(256),)) + raw[at + 1 :]
        case 4:
            return (
                raw[:at]
                + rng.choice((b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\\u0000", b"\\ud800", b"NaN"))
                + raw[at:]
            )
        case 5:
            return b"[" * 100_000
        case 6:
            return b'{"id":' * 2_000 + raw
        case 7:
            return b'{"id": ' + b"9" * 5_000 + b"}"
        case _:
            return rng.randbytes(rng.choice((0, 1, 30, 3_000)))


def pairs(rng: random.Random, honest: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """A query with some of its parts changed, doubled, dropped or added."""
    mutated_pairs = list(honest)
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        at = rng.randrange(len(mutated_pairs) + 1)
        match rng.randrange(4):
            case 0 if at < len(mutated_pairs):
                mutated_pairs[at] = (mutated_pairs[at][0], text(rng))
            case 1 if at < len(mutated_pairs):
                mutated_pairs.insert(at, mutated_pairs[at])
            case 2 if at < len(mutated_pairs):
                del mutated_pairs[at]
            case _:
                mutated_pairs.insert(at, (rng.choice(("shop", "locale", "x", "", "bounced", "older", "é")), text(rng)))
    return mutated_pairs
