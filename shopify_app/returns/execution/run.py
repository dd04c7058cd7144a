"""Do at Shopify what was decided, and what is due by itself.

Every step may run twice and be killed at any line: before each call the return is read as Shopify has it now, and what
is done already is not done again. Whoever is told, is told by a message whose key knows the request.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog
from sqlalchemy import or_, select

from shopify_app import clock, faults, work
from shopify_app.db import db
from shopify_app.returns.execution import (
    buying,
    elsewhere,
    expiring,
    filing,
    following,
    overdue,
    payout,
    rejecting,
    shipping,
)
from shopify_app.returns.execution.steps import NO_SCOPE, refuse
from shopify_app.returns.models import Request, Step
from shopify_app.returns.requests import lookup
from shopify_app.shopify import models as shops
from shopify_app.shopify.errors import Paused, Refused, ShopifyError, Throttled, Unauthorized
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

PAUSE = timedelta(hours=1)
"""For a shop that is frozen, or whose merchant must open the app first."""
TURN = timedelta(seconds=1)
"""Until a step looks again whether the one before it is done."""
SCOPE = "write_returns"
FREEING = ("decline", "cancel", "refile")
"""What must be done before another request of the same order can be filed: its units may be the same."""
OURS = ("warn", "late", "expiring", "follow")
"""Steps that wait for a time and not for their turn."""
BESIDE = (*OURS, "buy_label", "return_label")
"""Steps that no other waits for: a carrier that is away for a day holds up no label of staff's, and no refund."""


def may_write(shop: Shop) -> bool:
    """Whether the shop has allowed us to change returns."""
    return shop.may(SCOPE)


def run(limit: int = 10) -> int:
    """Claim due steps and take them; returns how many were claimed."""
    rows = work.claim(Step, limit)
    faults.point("return_steps_claimed")
    for step in rows:
        try:
            _try(step)
        except work.LostLease:
            log.info("return_step_taken_over", step=step.id)
    return len(rows)


def _try(step: Step) -> None:
    shop = shops.get(step.shop_id)
    request = lookup.get(shop, step.request_id)
    try:
        if request is None:
            work.finish(step, "gone")
        elif not shop.is_installed:
            work.finish(step, "stopped")
        elif step.kind not in OURS and (before := _before(step)) is not None:
            work.again(step, max(clock.now() + TURN, before.due_at))
        elif step.kind not in (*OURS, "look") and not may_write(shop):
            refuse(step, NO_SCOPE)
        else:
            STEPS[step.kind](step, shop, request)
    except Throttled as error:
        work.again(step, clock.now() + timedelta(seconds=error.wait))
    except (Paused, Unauthorized) as error:
        work.again(step, clock.now() + PAUSE, error=type(error).__name__)
    except Refused as error:
        refuse(step, str(error).partition(": ")[2][:200])
    except ShopifyError as error:
        work.fail(step, type(error).__name__)


def _before(step: Step) -> Step | None:
    """The step that has to be done first."""
    same = Step.request_id == step.request_id
    waiting = select(Step).where(
        Step.shop_id == step.shop_id,
        Step.order_id == step.order_id,
        Step.id < step.id,
        Step.done_at.is_(None),
        Step.kind.not_in(BESIDE),
        or_(same, Step.kind.in_(FREEING)),
    )
    return db.session.scalars(waiting.order_by(Step.id).limit(1)).first()


STEPS: Mapping[str, Callable[[Step, Shop, Request], None]] = {
    "file": filing.file,
    "refile": filing.refile,
    "approve": filing.approve,
    "decline": filing.decline,
    "cancel": filing.cancel,
    "buy_label": buying.buy,
    "return_label": buying.give_back,
    "label": shipping.label,
    "reject": rejecting.reject,
    "refund": payout.refund,
    "close": payout.close,
    "look": elsewhere.look,
    "warn": overdue.warn,
    "late": overdue.late,
    "expiring": expiring.expiring,
    "follow": following.follow,
}
