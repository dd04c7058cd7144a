"""Do what was asked for persons: claim the requests that are due and take each a step further."""

from collections.abc import Callable

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from shopify_app import work
from shopify_app.db import db
from shopify_app.privacy import erasure, export, leaving
from shopify_app.privacy.models import CUSTOMER, EXPORT, SHOP, PrivacyRequest
from shopify_app.secrets import SecretsError
from shopify_app.shopify.errors import ShopifyError

log = structlog.get_logger()

STEPS: dict[str, Callable[[PrivacyRequest], None]] = {
    EXPORT: export.make,
    CUSTOMER: erasure.advance,
    SHOP: leaving.advance,
}


def run(limit: int = 10) -> int:
    """Claim due requests and do a step of each; returns how many were claimed."""
    requests = work.claim(PrivacyRequest, limit)
    for request in requests:
        _run(request)
    return len(requests)


def take_up() -> int:
    """What was given up begins anew once a day, until somebody has mended what was wrong: a right is never dropped."""
    given_up = db.session.scalars(select(PrivacyRequest).where(PrivacyRequest.result == work.DEAD)).all()
    for request in given_up:
        work.replay(request)
    return len(given_up)


def _run(request: PrivacyRequest) -> None:
    """What fails comes again for a day."""
    try:
        STEPS[request.kind](request)
    except work.LostLease:
        log.warning("privacy_taken_over", request=request.id)
    except (SQLAlchemyError, SecretsError, ShopifyError, ValueError, TypeError, LookupError, AttributeError) as error:
        log.error("privacy_failed", request=request.id, kind=request.kind, error=type(error).__name__)
        work.fail(request, type(error).__name__)
