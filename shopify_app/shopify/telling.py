"""Rows of work that tell Shopify one thing each, where twice is as good as once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog

from shopify_app import clock, work
from shopify_app.shopify import models as shops
from shopify_app.shopify.errors import Refused, ShopifyError, Throttled
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

REFUSED = "refused"


def drain(model: type[work.Work], limit: int, tell: Callable[[Shop, Any], None]) -> int:
    """Claim what is due and tell it; returns how many were claimed. `tell` finishes the row, or raises one of the
    ShopifyError family; a row that changed under its hands is left to whoever changed it.
    """
    rows = work.claim(model, limit)
    for row in rows:
        try:
            _try(row, tell)
        except work.LostLease:
            log.info("told_in_vain", kind=model.__name__, row=row.id)
    return len(rows)


def _try(row: Any, tell: Callable[[Shop, Any], None]) -> None:
    try:
        tell(shops.get(row.shop_id), row)
    except Throttled as error:
        work.again(row, clock.now() + timedelta(seconds=error.wait))
    except Refused as error:
        work.finish(row, REFUSED, error=str(error)[:200])
    except ShopifyError as error:
        work.fail(row, type(error).__name__)
