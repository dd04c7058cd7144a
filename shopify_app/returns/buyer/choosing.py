"""What a buyer chose, as typed and as judged. What is typed goes into a draft whatever it is worth; only what holds
before the shop's terms, Shopify's numbers and the law goes on.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any

from shopify_app import secrets
from shopify_app.language import Language
from shopify_app.returns.basket import Basket, Piece, Reason, Wish
from shopify_app.returns.buyer.amending import Before
from shopify_app.returns.buyer.drafts import Sketch
from shopify_app.returns.models import EXCHANGE, OUTCOMES, REFUND, Photo
from shopify_app.returns.policy import decisions, money, reasons
from shopify_app.returns.policy.decisions import Decision, Needs
from shopify_app.returns.policy.terms import Terms
from shopify_app.returns.reading import Variant

LONGEST = 500
"""Characters of a note or an answer."""
KEPT = 5_000
"""Of one that is too long: its writer wants to shorten it, not to write it again."""
DIGITS = 19

Errors = dict[str, str]
"""Name of a field → sentence."""
Form = Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """A draft with all that it is judged by."""

    version: int
    terms: Terms
    basket: Basket
    sketch: Sketch
    left: Mapping[int, int]
    """Piece → units that nobody has asked to send back yet."""
    earlier: int
    """Returns that the order has had before."""
    photos: Sequence[Photo]
    now: datetime
    zone: tzinfo
    language: Language
    before: Before | None = None
    """The request that is to be changed; None: a new one is made. The basket then has its units as free."""

    @cached_property
    def parts(self) -> Sequence["Part"]:
        """What was chosen, in the order of the basket."""
        found = ((piece, self.sketch.wish(piece.fulfillment_line_id)) for piece in self.basket.pieces)
        return [Part(self, piece, wish) for piece, wish in found if wish is not None]

    @property
    def shelf(self) -> Sequence["Part"]:
        """Everything there is to choose from, as chosen so far: of each piece no more than can be had."""
        return [
            Part(self, piece, self._within(self.sketch.wish(piece.fulfillment_line_id) or _one(piece)))
            for piece in self.basket.pieces
        ]

    def _within(self, wish: Wish) -> Wish:
        return replace(wish, quantity=max(min(wish.quantity, self.left.get(wish.fulfillment_line_id, 0)), 1))

    @property
    def wishes(self) -> Sequence[Wish]:
        return [part.wish for part in self.parts]

    @property
    def is_open(self) -> bool:
        """Whether there is anything to choose."""
        return any(part.left and part.outcomes for part in self.shelf)

    @property
    def decided(self) -> Sequence[Decision]:
        return [part.decision for part in self.parts]

    @cached_property
    def preview(self) -> money.Preview:
        given = (self.basket, self.wishes, self.terms, self.sketch.prices)
        return money.preview(*given, asked_at=self.before.asked_at if self.before else self.now, zone=self.zone)

    @property
    def is_automatic(self) -> bool:
        """Whether it needs no staff."""
        is_allowed = all(one.is_allowed for one in self.decided)
        return is_allowed and decisions.is_automatic(self.terms, self.basket, self.wishes, self.preview)

    @property
    def seen(self) -> str:
        """Stands for all that the buyer is shown before sending: another sum or decision is another word."""
        wishes, rules = [asdict(wish) for wish in self.wishes], [one.rule for one in self.decided]
        shown = wishes, asdict(self.preview), rules, self.before and asdict(self.before)
        return secrets.index("return seen", json.dumps(shown, sort_keys=True, default=str)).hex()

    def decide(self, piece: Piece, wish: Wish) -> Decision:
        """What was asked for in time stays so; what is added is judged by today."""
        at = self.before.asked_at if self.before and self.before.held(wish) else self.now
        return decisions.decide(self.terms, self.basket, piece, wish, at, self.zone, earlier=self.earlier)

    def explain(self, decision: Decision) -> str:
        return decisions.explain(decision, self.language)


@dataclass(frozen=True)
class Part:
    """One piece that was chosen."""

    case: Case
    piece: Piece
    wish: Wish

    @property
    def id(self) -> int:
        return self.piece.fulfillment_line_id

    @cached_property
    def decision(self) -> Decision:
        return self.case.decide(self.piece, self.wish)

    @property
    def explained(self) -> str:
        return self.case.explain(self.decision)

    @cached_property
    def needs(self) -> Needs:
        return decisions.needs(self.case.terms, self.piece, self.wish)

    @property
    def outcomes(self) -> Sequence[str]:
        """Those that the terms allow for it, whatever the reason will be, and what was asked for before."""
        return [one for one in OUTCOMES if self._is_possible(replace(self.wish, outcome=one))]

    def _is_possible(self, wish: Wish) -> bool:
        before = self.case.before
        return self.case.decide(self.piece, wish).is_allowed or (before is not None and before.holds(wish))

    @property
    def allowed(self) -> str:
        """Why it can be chosen: of the first outcome that is possible."""
        outcome = self.outcomes[0]
        return self.case.explain(self.case.decide(self.piece, replace(self.wish, outcome=outcome)))

    @property
    def variants(self) -> Sequence[Variant]:
        return self.case.sketch.variants.get(self.id, ())

    @property
    def offered(self) -> Sequence[Variant]:
        """The same again comes last: whoever takes the first that is offered wants another one, as a rule."""
        return sorted(self.variants, key=lambda one: one.id == self.piece.variant_id)

    @property
    def is_sold_out(self) -> bool:
        """What was chosen, or all there is."""
        is_gone = self.wish.variant_id is not None and self.variant is None
        return is_gone or not any(one.available for one in self.variants)

    @property
    def variant(self) -> Variant | None:
        """What was chosen instead, as long as it can be had."""
        return next((one for one in self.variants if one.id == self.wish.variant_id and one.available), None)

    @property
    def photos(self) -> Sequence[Photo]:
        return [photo for photo in self.case.photos if photo.fulfillment_line_id == self.id]

    @property
    def reason(self) -> str:
        """As its buyer reads it."""
        return next((self.named(one) for one in self.piece.reasons if one.handle == self.wish.reason), "")

    def named(self, reason: Reason) -> str:
        return reasons.named(reason, self.case.language)

    @property
    def answers(self) -> Sequence[tuple[str, str]]:
        """Every question that is to be answered, with what was answered so far."""
        given = dict(self.wish.answers)
        return [(question, given.get(question, "")) for question in self.needs.questions]

    @property
    def left(self) -> int:
        return self.case.left.get(self.id, 0)

    @property
    def chosen(self) -> int:
        """Units, so far."""
        wish = self.case.sketch.wish(self.id)
        return wish.quantity if wish else 0


def _one(piece: Piece) -> Wish:
    return Wish(fulfillment_line_id=piece.fulfillment_line_id, quantity=1)


# What was typed


def units(form: Form, basket: Basket, sketch: Sketch) -> tuple[Wish, ...]:
    """The first step: how many of what. What was said of a piece before stays with it."""
    counted = (
        (piece.fulfillment_line_id, _number(form.get(f"units-{piece.fulfillment_line_id}"))) for piece in basket.pieces
    )
    return tuple(
        replace(sketch.wish(piece) or Wish(fulfillment_line_id=piece, quantity=0), quantity=count)
        for piece, count in counted
        if count
    )


def details(form: Form, sketch: Sketch) -> tuple[Wish, ...]:
    return tuple(_detailed(form, wish) for wish in sketch.wishes)


def _detailed(form: Form, wish: Wish) -> Wish:
    def typed(name: str, before: str | None) -> str:
        return form.get(f"{name}-{wish.fulfillment_line_id}", before or "")

    outcome = typed("outcome", wish.outcome)
    return replace(
        wish,
        reason=typed("reason", wish.reason)[:100] or None,
        outcome=outcome if outcome in OUTCOMES else REFUND,
        note=clean(typed("note", wish.note)),
    )


def more(form: Form, case: Case) -> tuple[Wish, ...]:
    return tuple(_completed(form, part) for part in case.parts)


def _completed(form: Form, part: Part) -> Wish:
    answers = tuple(
        (question, clean(form.get(f"answer-{part.id}-{place}", before)))
        for place, (question, before) in enumerate(part.answers)
    )
    wanted = _number(form.get(f"variant-{part.id}")) or part.wish.variant_id
    title = next((one.title for one in part.variants if one.id == wanted), None)
    return replace(part.wish, answers=answers, variant_id=wanted, variant_title=title)


def clean(text: str) -> str:
    """Without control signs, which no page or letter can hold; lines stay."""
    return "".join(sign for sign in text.replace("\r\n", "\n") if sign >= " " or sign == "\n").strip()[:KEPT]


def _number(text: str | None) -> int:
    """0 for what is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < DIGITS else 0


# What is wrong with it


def wrong_units(case: Case) -> Errors:
    """Of the first step. Nothing that terms forbid gets further, whatever the outcome."""
    t, errors = case.language.t, {}
    if not case.parts:
        errors["units"] = t("Please choose what you would like to send back.")
    for part in case.parts:
        left = case.left.get(part.id, 0)
        if part.wish.quantity > left:
            errors[f"units-{part.id}"] = too_many(case.language, left)
        elif not part.outcomes:
            errors[f"units-{part.id}"] = part.explained
    return errors


def too_many(language: Language, left: int) -> str:
    return language.n("Only {count} piece is left.", "Only {count} pieces are left.", left)


def wrong_details(case: Case) -> Errors:
    return {field: said for part in case.parts for field, said in _wrong_details(part, case.language)}


def _wrong_details(part: Part, language: Language) -> Iterator[tuple[str, str]]:
    handles = {reason.handle for reason in part.piece.reasons}
    if handles and part.wish.reason not in handles:
        yield f"reason-{part.id}", language.t("Please choose a reason.")
    elif part.wish.outcome not in part.outcomes:
        yield f"outcome-{part.id}", part.explained
    if len(part.wish.note) > LONGEST:
        yield f"note-{part.id}", _too_long(language)


def wrong_more(case: Case) -> Errors:
    return {field: said for part in case.parts for field, said in _wrong_more(part, case.language)}


def _wrong_more(part: Part, language: Language) -> Iterator[tuple[str, str]]:
    if part.wish.outcome == EXCHANGE and part.variant is None:
        sold_out = language.t("This is out of stock. Please choose another one, or go back and take the refund.")
        yield f"variant-{part.id}", sold_out if part.wish.variant_id else language.t("Please choose one of these.")
    if part.needs.photo and not part.photos:
        yield f"photo-{part.id}", language.t("Please add a photo, so that we can see it.")
    for place, (_, given) in enumerate(part.answers):
        if not given:
            yield f"answer-{part.id}-{place}", language.t("Please fill this in.")
        elif len(given) > LONGEST:
            yield f"answer-{part.id}-{place}", _too_long(language)


def _too_long(language: Language) -> str:
    return language.t("This is too long.")


def contents(case: Case) -> dict[str, Any]:
    """What `requests.ask` and `requests.amend` are told beside the wishes."""
    return {
        "decisions": case.decided,
        "preview": case.preview,
        "photos": [photo.id for part in case.parts for photo in part.photos],
    }
