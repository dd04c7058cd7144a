"""The clock of the refund: a day from the moment the goods are back, and what the law says of withdrawals."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

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


class Refunding(NamedTuple):
    """Goods that came back, and whether their money went out within a day."""

    received_at: datetime
    is_kept: bool
    order_id: int


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


def refunds(shop: Shop, since: datetime, until: datetime) -> Iterator[Refunding]:
    """Of the goods that came back in this time those that were refunded or whose day is over, the newest first."""
    received = select(Request.received_at, Request.refunded_at, Request.state, Request.order_id).where(
        Request.shop_id == shop.id, Request.received_at >= since, Request.received_at < until
    )
    due = received.where(Request.state.in_((RECEIVED, REFUNDED))).order_by(Request.received_at.desc())
    for row in db.session.execute(due):
        ends = row.received_at + DUE_AFTER
        is_refunded = row.state == REFUNDED
        if is_refunded or clock.now() > ends:
            yield Refunding(row.received_at, is_refunded and row.refunded_at <= ends, row.order_id)


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
