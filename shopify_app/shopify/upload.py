"""Bring a file where Shopify asked for it (stagedUploadsCreate)."""

from typing import Any

import requests

from shopify_app.db import rest
from shopify_app.shopify.errors import Refused, Unavailable

TIMEOUT = (3, 60)
"""Seconds to connect, seconds without a byte."""


def put(target: dict[str, Any], content: bytes, kind: str) -> None:
    """`target` as Shopify gave it, for a PUT: its parameters are headers. Raises Unavailable and Refused."""
    headers = {one["name"]: one["value"] for one in target["parameters"]} | {"Content-Type": kind}
    rest()
    try:
        answer = requests.put(target["url"], data=content, headers=headers, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        raise Unavailable(f"upload: {type(error).__name__}") from error
    if answer.status_code >= 500:
        raise Unavailable(f"upload: {answer.status_code}")
    if answer.status_code not in (200, 201, 204):
        raise Refused(f"upload: {answer.status_code}")
