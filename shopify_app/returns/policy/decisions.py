"""Whether something may come back, why, and what else is possible: the same words for buyers and staff.

A decision keeps its facts, not its sentence: what was packed years ago is explained again in any language.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from shopify_app.returns.basket import Basket, Piece, Wish
from shopify_app.returns.models import OUTCOMES, REFUND
from shopify_app.returns.policy import windows
from shopify_app.returns.policy.money import Preview, in_shops
from shopify_app.returns.policy.terms import EXCHANGE_ONLY, FINAL, Terms
from shopify_app.returns.policy.windows import Window
from shopify_app.returns.policy.wording import explain

__all__ = ("Decision", "Needs", "decide", "explain", "is_automatic", "needs", "packed", "unpacked")

WITHDRAWAL, CONTACT = "withdrawal", "contact"
FIRM = ("nothing_left", "gift_card")
"""Refusals that no law of withdrawal overrules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    is_allowed: bool
    rule: str
    """in_time, law (the shop's terms alone would refuse it); too_late, final_sale, exchange_only, not_offered, limit,
    nothing_left, gift_card. Of a withdrawal: law, law_over, excepted."""
    facts: Mapping[str, Any]
    """What it rests on: ISO dates of the shop's zone, numbers, words of terms.py. What each is: `wording.py`."""
    also: tuple[str, ...] = ()
    """Refused: which outcomes would be possible, "withdrawal" where the law gives it, "contact"."""


class Needs(NamedTuple):
    photo: bool
    questions: Sequence[str]


def decide(
    terms: Terms, basket: Basket, piece: Piece, wish: Wish, now: datetime, zone: tzinfo, *, earlier: int = 0
) -> Decision:
    """`terms`: those that the order was bought under; `zone`: the shop's; `earlier`: requests that this order has had,
    without those declined or called off.
    """
    found = _ruled(terms, basket, piece, wish, now, zone, earlier)
    if found.is_allowed:
        return found
    others = (replace(wish, outcome=outcome) for outcome in OUTCOMES if outcome != wish.outcome)
    possible = [other.outcome for other in others if _ruled(terms, basket, piece, other, now, zone, earlier).is_allowed]
    is_lawful = found.rule != "nothing_left" and windows.is_lawful(terms, basket, piece, now, zone)
    return replace(found, also=(*possible, *([WITHDRAWAL] if is_lawful else []), CONTACT))


def by_law(terms: Terms, basket: Basket, piece: Piece, now: datetime, zone: tzinfo) -> Decision:
    """Of a withdrawal, in which the shop has no say. What is refused here is looked at by staff, not turned down."""
    if windows.is_excepted(terms, piece):
        return Decision(is_allowed=False, rule="excepted", facts={})
    is_lawful = windows.is_lawful(terms, basket, piece, now, zone)
    return Decision(is_allowed=is_lawful, rule="law" if is_lawful else "law_over", facts=_law(terms, basket, zone))


def needs(terms: Terms, piece: Piece, wish: Wish) -> Needs:
    """What is asked of the buyer before this can be sent."""
    rule = terms.reason(wish.reason)
    return Needs(rule.needs_photo, (rule.question,) if rule.question else ())


def is_automatic(terms: Terms, basket: Basket, wishes: Sequence[Wish], preview: Preview) -> bool:
    """Whether what was allowed needs no staff. `preview`: of these wishes."""
    approval = terms.approval
    watched = {tag.casefold() for tag in approval.watched}
    if not wishes or not watched.isdisjoint(tag.casefold() for tag in basket.customer_tags):
        return False
    if approval.most is not None and in_shops(preview.goods, basket) > approval.most:
        return False
    has_photos = any(terms.reason(wish.reason).needs_photo for wish in wishes)
    return {wish.outcome for wish in wishes} <= set(approval.outcomes) and (approval.with_photos or not has_photos)


def packed(decision: Decision) -> dict[str, Any]:
    return asdict(decision) | {"facts": dict(decision.facts), "also": list(decision.also)}


def unpacked(kept: Mapping[str, Any]) -> Decision:
    return Decision(**{**kept, "also": tuple(kept["also"])})


def _ruled(
    terms: Terms, basket: Basket, piece: Piece, wish: Wish, now: datetime, zone: tzinfo, earlier: int
) -> Decision:
    """By the shop's terms, or by the law where that is better for the buyer."""
    window = windows.of(terms, basket, piece, zone)
    refusal = next(_refusals(terms, basket, piece, wish, window.is_open(now), earlier), None)
    facts = _dates(window, basket, piece, zone) | _rule(terms, basket, piece)
    if refusal is None:
        return Decision(is_allowed=True, rule="in_time", facts=facts)
    word, numbers = refusal
    if wish.outcome == REFUND and word not in FIRM and windows.is_lawful(terms, basket, piece, now, zone):
        return Decision(is_allowed=True, rule="law", facts=_law(terms, basket, zone) | {"instead_of": word})
    return Decision(is_allowed=False, rule=word, facts=facts | numbers)


def _refusals(
    terms: Terms, basket: Basket, piece: Piece, wish: Wish, is_open: bool, earlier: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every reason against it, the firmest first."""
    rule = windows.rule(terms, basket, piece)
    if wish.quantity > piece.returnable:
        yield "nothing_left", {"left": piece.returnable}
    if piece.is_gift_card:
        yield "gift_card", {}
    if rule and rule.may == FINAL:
        yield "final_sale", {}
    if not is_open:
        yield "too_late", {}
    if rule and rule.may == EXCHANGE_ONLY and wish.outcome == REFUND:
        yield "exchange_only", {}
    if wish.outcome not in terms.outcomes:
        yield "not_offered", {"outcome": wish.outcome}
    if terms.limit is not None and earlier >= terms.limit:
        yield "limit", {"limit": terms.limit}


def _dates(window: Window, basket: Basket, piece: Piece, zone: tzinfo) -> dict[str, Any]:
    is_later = window.last > window.began + timedelta(days=window.days)
    return _counted(window) | {
        "bought": _day(basket.placed_at, zone),
        "sent": _day(piece.shipped_at, zone),
        "is_holiday": is_later,
    }


def _law(terms: Terms, basket: Basket, zone: tzinfo) -> dict[str, Any]:
    window = windows.legal(terms, basket, zone)
    return _counted(window) if window else {"since": "waiting", "days": windows.LEGAL_DAYS}


def _counted(window: Window) -> dict[str, Any]:
    began, last = window.began.isoformat(), window.last.isoformat()
    return {"since": window.since, "began": began, "days": window.days, "last": last}


def _rule(terms: Terms, basket: Basket, piece: Piece) -> dict[str, Any]:
    rule = windows.rule(terms, basket, piece)
    if rule is None:
        return {}
    return {"about": rule.about, "value": windows.fitting(rule, basket, piece), "name": rule.name}


def _day(moment: datetime, zone: tzinfo) -> str:
    day: date = moment.astimezone(zone).date()
    return day.isoformat()
