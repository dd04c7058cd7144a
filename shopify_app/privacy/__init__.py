"""The right to know and the right to be forgotten."""

from shopify_app.privacy.fulfil import run, take_up
from shopify_app.privacy.marks import hold_off, is_erased
from shopify_app.privacy.notice import pages
from shopify_app.privacy.requests import (
    KEPT,
    certificate_of,
    customer_redacted,
    data_requested,
    export_of,
    request_of,
    requests_of,
    shop_redacted,
)
from shopify_app.privacy.retention import forget_sightings
from shopify_app.privacy.retention import run as forget_old

blueprints = (pages,)

__all__ = (
    "KEPT",
    "blueprints",
    "certificate_of",
    "customer_redacted",
    "data_requested",
    "export_of",
    "forget_old",
    "forget_sightings",
    "hold_off",
    "is_erased",
    "request_of",
    "requests_of",
    "run",
    "shop_redacted",
    "take_up",
)
