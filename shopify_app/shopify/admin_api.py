"""The Admin GraphQL API of one shop. Documents live in <feature>/queries/, one operation a file."""

import functools
import pathlib
import re
import time
from typing import Any

import requests
import structlog
from flask import current_app
from shopify.api_version import ApiVersion

from shopify_app import metrics
from shopify_app.config import Config
from shopify_app.db import rest
from shopify_app.shopify import install
from shopify_app.shopify.errors import Paused, Refused, Throttled, Unauthorized, Unavailable
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

API_VERSION = "2026-10"
TIMEOUT = (3, 30)
"""Seconds to connect, seconds to read."""
PAUSED = {402, 403, 404, 423}
"""Frozen, forbidden, gone, locked."""


class AdminApi:
    """The API as one shop's app sees it.

    patience: seconds that its calls together wait for Shopify to take more of them, where a person waits for a page. A
    worker has none: it comes back later.
    """

    def __init__(self, shop: Shop, patience: float = 0) -> None:
        self.shop = shop
        self.patience = patience
        self.cost: dict[str, Any] = {}
        """What the newest call cost and what is left, in Shopify's words; empty before the first answer."""

    def run(self, name: str, **variables: Any) -> dict[str, Any]:
        """The data of the document `name`, as in "orders/order". Raises one of the ShopifyError family."""
        try:
            return self._run(name, variables)
        except Throttled as error:
            if error.wait > self.patience:
                raise
            self.patience -= error.wait
            time.sleep(error.wait)
        return self.run(name, **variables)

    def _run(self, name: str, variables: dict[str, Any]) -> dict[str, Any]:
        token = install.access_token(self.shop)
        answer = self._post(name, variables, token)
        if answer.status_code == 401:
            token = install.access_token(self.shop, rejected=token)
            answer = self._post(name, variables, token)
        body = _answered(name, answer)
        self.cost = body.get("extensions", {}).get("cost", {})
        return _data(name, body, answer.headers.get("X-Request-Id"))

    def _post(self, name: str, variables: dict[str, Any], token: str) -> requests.Response:
        config: Config = current_app.extensions["config"]
        version = ApiVersion.coerce_to_version(API_VERSION)
        address = f"{version.api_path(config.shop_url.format(shop=self.shop.domain))}/graphql.json"
        headers = {"X-Shopify-Access-Token": token, "User-Agent": "Aftercare", "Accept": "application/json"}
        body = {"query": document(name), "variables": variables}
        rest()
        try:
            return requests.post(address, json=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
        except requests.RequestException as error:
            raise Unavailable(f"{name}: {type(error).__name__}") from error


@functools.cache
def document(name: str) -> str:
    feature, _, operation = name.partition("/")
    return (pathlib.Path(__file__).parents[1] / feature / "queries" / f"{operation}.graphql").read_text()


def _answered(name: str, answer: requests.Response) -> dict[str, Any]:
    """What Shopify says, be it data or errors."""
    if answer.status_code == 401:
        raise Unauthorized(f"{name}: 401 with a fresh token")
    if answer.status_code in PAUSED:
        raise Paused(f"{name}: {answer.status_code}")
    if answer.status_code == 429:
        raise Throttled(_seconds(answer.headers.get("Retry-After", "")))
    if answer.status_code != 200:
        raise Unavailable(f"{name}: {answer.status_code}")
    return _body(name, answer)


def _data(name: str, body: dict[str, Any], request_id: str | None) -> dict[str, Any]:
    cost = body.get("extensions", {}).get("cost", {})
    metrics.api_cost.labels(name).inc(cost.get("actualQueryCost") or 0)
    log.info("admin_api", document=name, request_id=request_id, cost=cost.get("requestedQueryCost"))
    if errors := body.get("errors"):
        raise _error(name, errors, cost)
    data: dict[str, Any] = body["data"]
    _check_user_errors(name, data)
    return data


def _body(name: str, answer: requests.Response) -> dict[str, Any]:
    """Proxies between us and Shopify sometimes answer for it, with a page and a 200."""
    try:
        body = answer.json()
    except ValueError as error:
        raise Unavailable(f"{name}: not JSON") from error
    if not isinstance(body, dict) or not (body.get("errors") or isinstance(body.get("data"), dict)):
        raise Unavailable(f"{name}: neither data nor errors")
    return body


def _seconds(text: str) -> float:
    """Two when Shopify does not say how many."""
    return float(text) if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", text) else 2.0


def _error(name: str, errors: Any, cost: dict[str, Any]) -> Exception:
    """`errors` is a list of GraphQL errors, or a bare text on some refusals."""
    first: dict[str, Any] = errors[0] if isinstance(errors, list) else {"message": str(errors)}
    code = (first.get("extensions") or {}).get("code")
    if code == "THROTTLED":
        metrics.api_throttled.labels(name).inc()
        return Throttled(_wait(cost))
    if code == "INTERNAL_SERVER_ERROR":
        return Unavailable(f"{name}: {code}")
    if code == "SHOP_INACTIVE":
        return Paused(f"{name}: {code}")
    return Refused(f"{name}: {code or first.get('message')}")


def _wait(cost: dict[str, Any]) -> float:
    """Seconds until the bucket holds what the document asks for."""
    status = cost.get("throttleStatus") or {}
    missing = float(cost.get("requestedQueryCost") or 0) - float(status.get("currentlyAvailable") or 0)
    return max(missing / float(status.get("restoreRate") or 50), 0.5)


def _check_user_errors(name: str, data: dict[str, Any]) -> None:
    for part in data.values():
        if isinstance(part, dict) and part.get("userErrors"):
            first = part["userErrors"][0]
            raise Refused(f"{name}: {first.get('code') or ''} {first.get('message')}".strip())
