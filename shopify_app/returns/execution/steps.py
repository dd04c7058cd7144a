"""How a step at Shopify ends."""

from typing import Any

from shopify_app import work
from shopify_app.db import transaction
from shopify_app.returns.models import DONE, REFUSED, Request, Step
from shopify_app.returns.requests import effects, lookup
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop

NO_SCOPE, NOT_FOUND, NOT_SENT, ELSEWHERE, DIFFERS = "no_scope", "not_found", "not_sent", "elsewhere", "differs"
"""Errors of our own, beside what Shopify says: the app may not; no such return; what was withdrawn from is not sent yet
and has to be cancelled; somebody decided otherwise in Shopify; Shopify suggests another sum.
"""


def refuse(step: Step, error: str) -> None:
    """It waits for staff, who see why."""
    with transaction():
        request = lookup.get(shops.get(step.shop_id), step.request_id, is_locked=True)
        if request is not None:
            flag(request, f"{step.kind}: {error}")
        work.finish(step, REFUSED, error=error)


def flag(request: Request, why: str) -> None:
    """In a transaction."""
    flags: list[str] = request.content.get("flags") or []
    request.is_flagged = True
    if why not in flags:
        request.content = request.content | {"flags": [*flags, why]}


def unflag(request: Request, why: str) -> None:
    """In a transaction: that much is settled."""
    flags = [flag for flag in request.content.get("flags") or [] if flag != why]
    request.content = request.content | {"flags": flags}
    request.is_flagged = bool(flags)


def locked(shop: Shop, step: Step) -> Request:
    """The step's request, read again for writing. Raises LostLease when it was erased meanwhile."""
    request = lookup.get(shop, step.request_id, is_locked=True)
    if request is None:
        raise work.LostLease(f"Step {step.id}")
    return request


def is_of_label(step: Step, request: Request) -> bool:
    """Whether the label that the step was ordered with is still the request's newest."""
    label = request.content.get("label") or {}
    return str(label.get("entry")) == step.key.rpartition("/")[2]


def learn(step: Step, **content: Any) -> None:
    """Keep something that the next try must know, before anything is done."""
    step.content = step.content | content
    work.hold(step, content=step.content, due_at=work.lease())


def done(step: Step, shop: Shop, request: Request, **told: Any) -> None:
    """In the transaction of its effects; `told` goes into the log under the word of the step."""
    if told:
        effects.write(request, step.by, **told)
    work.finish(step, DONE)
