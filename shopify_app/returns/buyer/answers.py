"""A step of a return as our extension shows it: every text is ready to be read."""

from collections.abc import Iterator
from typing import Any

from shopify_app.language import Language, words
from shopify_app.returns import requests
from shopify_app.returns.buyer import timeline
from shopify_app.returns.buyer.choosing import Case, Part
from shopify_app.returns.buyer.flow import Page, Visitor
from shopify_app.returns.models import CREDIT, EXCHANGE, REFUND
from shopify_app.returns.policy.money import Part as PartSum

Answer = dict[str, Any]
OUTCOMES = {REFUND: words("Money back"), EXCHANGE: words("Exchange"), CREDIT: words("Store credit")}
MOST_UNITS = 50
"""That can be chosen at once, as on the order's page."""


def page(visitor: Visitor, shown: Page) -> Answer:
    """`step`: what, details, more, check; else why there is none: away, guest, gone."""
    case: Case | None = shown.context.get("case")
    notice = shown.context.get("notice")
    told: Answer = _head(visitor) | {
        "step": shown.template,
        "notice": notice and visitor.language.t(notice),
        "errors": dict(shown.context.get("errors") or {}),
        "items": [],
    }
    if case is None:
        return told
    parts = case.shelf if shown.template == "what" else case.parts
    told |= {"items": [_item(part) for part in parts]}
    return told | {"check": _check(case)} if shown.template == "check" else told


def sent(visitor: Visitor) -> Answer:
    return _head(visitor) | {"step": "sent", "notice": None, "errors": {}, "items": []}


def _head(visitor: Visitor) -> Answer:
    shop, whole, language = visitor.shop, visitor.whole, visitor.language
    journeys = [timeline.journey(shop, whole, one, language) for one in requests.of_order(shop, whole.order.id)]
    return {
        "order": whole.order.name,
        "page": visitor.to("more"),
        "requests": [
            {"name": one.name, "status": one.status, "items": list(one.items), "told": list(one.told)}
            for one in journeys
        ],
    }


def _item(part: Part) -> Answer:
    language = part.case.language
    outcomes = part.outcomes
    return {
        "id": part.id,
        "title": part.piece.title,
        "variant": part.piece.variant_title,
        "left": min(part.left, MOST_UNITS) if outcomes else 0,
        "quantity": part.chosen,
        "explained": _explained(part),
        "reasons": [{"value": one.handle, "words": part.named(one)} for one in part.piece.reasons],
        "reason": part.wish.reason,
        "outcomes": [{"value": one, "words": language.t(OUTCOMES[one])} for one in outcomes],
        "outcome": part.wish.outcome if part.wish.outcome in outcomes else next(iter(outcomes), None),
        "note": part.wish.note,
        "variants": [_variant(part, one.id) for one in part.offered if one.available],
        "wanted": part.wish.variant_id and str(part.wish.variant_id),
        "questions": [{"question": question, "answer": answer} for question, answer in part.answers],
        "needs_photo": part.needs.photo and not part.photos,
    }


def _explained(part: Part) -> str:
    if not part.left:
        return part.case.language.t("All of it has come back, or is on its way back.")
    return part.allowed if part.outcomes else part.explained


def _variant(part: Part, id: int) -> Answer:
    one = next(one for one in part.variants if one.id == id)
    price = part.case.language.money(one.price, part.case.basket.currency)
    return {"value": str(one.id), "words": f"{one.title} · {price}"}


def _check(case: Case) -> Answer:
    sums, t = case.preview, case.language.t
    total = sums.owed or sums.total
    return {
        "seen": case.seen,
        "facts": [
            {"title": f"{part.wish.quantity} × {part.piece.title}", "told": list(_facts(part))} for part in case.parts
        ],
        "sums": [_row(case.language, text, minor, sums.currency) for text, minor in _sums(case)],
        "total": _row(
            case.language, t("You pay on top") if sums.owed else t("Comes back to you"), total, sums.currency
        ),
        "next": list(_next(case)),
    }


def _facts(part: Part) -> Iterator[str]:
    t = part.case.language.t
    outcome = t(OUTCOMES[part.wish.outcome])
    yield f"{outcome}: {part.variant.title}" if part.variant else outcome
    if part.reason:
        yield part.reason
    yield part.explained


def _sums(case: Case) -> Iterator[tuple[str, int]]:
    t = case.language.t
    for part, sum_ in zip(case.parts, case.preview.parts, strict=True):
        yield f"{part.wish.quantity} × {part.piece.title}", sum_.amount
        yield from _part_sums(case, part, sum_)
    if case.preview.shipping_back:
        yield t("Delivery that you paid"), case.preview.shipping_back
    if case.preview.shipping_fee:
        yield t("For the way back"), -case.preview.shipping_fee


def _part_sums(case: Case, part: Part, sum_: PartSum) -> Iterator[tuple[str, int]]:
    t = case.language.t
    if sum_.with_tax != sum_.amount:
        yield t("Taxes on it"), sum_.with_tax - sum_.amount
    if sum_.duties:
        yield t("Duties on it"), sum_.duties
    if sum_.fee:
        yield t("Restocking fee"), -sum_.fee
    if part.variant:
        yield t("Instead: {title}", title=part.variant.title), -sum_.price


def _row(language: Language, text: str, minor: int, currency: str) -> Answer:
    return {"words": text, "amount": language.money(minor, currency)}


def _next(case: Case) -> Iterator[str]:
    """How it goes on, as on the order's page."""
    sums, t = case.preview, case.language.t
    yield (
        t("Your return is agreed at once; we write to you.")
        if case.is_automatic
        else t("We look at your request and answer by e-mail.")
    )
    if sums.is_kept:
        yield t("You need not send anything back.")
    elif case.terms.label == "shop":
        yield t("You get a label for the parcel from us.")
    else:
        yield t("You send the parcel with a carrier of your choice, at your own cost.")
    if sums.owed:
        yield t("What is to be paid on top we ask you for by e-mail; your exchange leaves once it is paid.")
    elif sums.total and sums.credit == sums.total:
        yield t("The store credit is yours within a day after everything has come back to us.")
    elif sums.total:
        yield t(
            "The money goes back the way you paid, within a day after everything has come back to us. Banks take 5 to "
            "10 business days more, as a rule."
        )
