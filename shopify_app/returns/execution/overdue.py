"""The clock of the refund: a day from the moment the goods are back, and what the law says of withdrawals."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from shopify_app import clock, work
from shopify_app.db import db, transaction
from shopify_app.orders.facts import moment
from shopify_app.returns.execution import steps
from shopify_app.returns.models import DONE, RECEIVED, REFUNDED, WITHDRAWAL, Request, Step
from shopify_app.returns.requests import effects
from shopify_app.returns.requests.handling import DUE_AFTER
from shopify_app.shopify.models import Shop

LEGAL = timedelta(days=14)
"""Article 13 of Directive 2011/83/EU, for the refund after a withdrawal."""


@dataclass(frozen=True, slots=True)
class Share:
    """Of the refunds that were due."""

    due: int
    kept: int
    """Made within a day of the goods' return."""

    @property
    def percent(self) -> int | None:
        """Rounded down, so that only all is a hundred; None: nothing was due."""
        return 100 * self.kept // self.due if self.due else None


def due_at(request: Request) -> datetime | None:
    """When the money should be back at the latest by the shop's own promise; None: the goods are not here, or it is."""
    return request.received_at + DUE_AFTER if request.received_at and request.state == RECEIVED else None


def legal_due_at(request: Request) -> datetime | None:
    """For a withdrawal: 14 days after the statement, or when the goods or a proof that they were sent came, whichever
    is later. None: no withdrawal, or over.
    """
    if request.kind != WITHDRAWAL or request.refunded_at is not None:
        return None
    proofs = [at for at in (request.received_at, moment(request.content.get("proven_at"))) if at is not None]
    return max([request.asked_at + LEGAL, *([min(proofs)] if proofs else [])])


def kept_share(shop: Shop, since: datetime) -> Share:
    """Of the goods that came back since then and whose day is over, or that were refunded."""
    received = select(Request.received_at, Request.refunded_at, Request.state).where(
        Request.shop_id == shop.id, Request.received_at >= since, Request.state.in_((RECEIVED, REFUNDED))
    )
    due = kept = 0
    for row in db.session.execute(received):
        is_kept = row.state == REFUNDED and row.refunded_at <= row.received_at + DUE_AFTER
        if is_kept or row.state == REFUNDED or clock.now() > row.received_at + DUE_AFTER:
            due, kept = due + 1, kept + is_kept
    return Share(due, kept)


def warn(step: Step, shop: Shop, request: Request) -> None:
    _remind(step, shop, "warned")


def late(step: Step, shop: Shop, request: Request) -> None:
    _remind(step, shop, "late")


def _remind(step: Step, shop: Shop, word: str) -> None:
    """Staff are mailed once, while there is time; the breach is written down and shown."""
    with transaction():
        request = steps.locked(shop, step)
        if request.state == RECEIVED and moment(step.content["received_at"]) == request.received_at:
            effects.write(request, effects.CLOCK, word)
            if word == "warned":
                effects.tell(shop, request, "late", step.key.rpartition("/")[2])
        work.finish(step, DONE)
