"""The result of a bulk operation: a file at a secret address, one JSON object a line."""

import json
from collections.abc import Iterator
from typing import Any

import requests

from shopify_app.db import rest
from shopify_app.shopify.errors import Unavailable

TIMEOUT = (3, 60)
"""Seconds to connect, seconds without a byte."""


def lines(url: str) -> Iterator[dict[str, Any]]:
    """Read while it comes: it may be larger than memory. Raises Unavailable, also amid the lines."""
    rest()
    try:
        with requests.get(url, stream=True, timeout=TIMEOUT, allow_redirects=False) as answer:
            if answer.status_code != 200:
                raise Unavailable(f"bulk result: {answer.status_code}")
            for text in answer.iter_lines():
                yield json.loads(text)
    except (requests.RequestException, ValueError) as error:
        raise Unavailable(f"bulk result: {type(error).__name__}") from error
