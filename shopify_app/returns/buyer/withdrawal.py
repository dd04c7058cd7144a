"""The right of withdrawal of the European Union, kept apart from what a shop offers by its own will.

Directive (EU) 2023/2673 asks, since 19 June 2026, for a labelled way on the seller's pages, during the whole period and
in two steps: a statement (who, which contract, where the receipt goes to) and "confirm withdrawal". No reason is asked.
The receipt tells the statement and when it came. What comes late is taken all the same, and looked at by staff.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from shopify_app import clock
from shopify_app.db import transaction
from shopify_app.language import Language, words, zone
from shopify_app.returns import reading, requests
from shopify_app.returns.basket import Basket, Piece, Wish
from shopify_app.returns.buyer import choosing, drafts
from shopify_app.returns.buyer.choosing import Errors, Form
from shopify_app.returns.buyer.drafts import EMPTY, Sketch
from shopify_app.returns.buyer.flow import AWAY, SHORTLY, TAKEN, TOO_LONG, Answer, Next, Page, Visitor
from shopify_app.returns.models import WITHDRAWAL, Request
from shopify_app.returns.policy import decisions, money, windows
from shopify_app.returns.policy.decisions import Decision
from shopify_app.returns.policy.terms import Terms
from shopify_app.returns.requests import units
from shopify_app.shopify.errors import ShopifyError

STATEMENT, CONFIRMATION = "", "confirmation"
"""The two steps, by their path below the first one's."""
LATE, EXCEPTED = "late", "excepted"
"""Why staff look at one first (models.Request.content, flags)."""
LONGEST = 200
LINES = (
    words("I withdraw from the contract about these goods:"),
    words("Shop: {shop}"),
    words("Order: {order}, of {day}"),
    words("Name: {name}"),
    words("E-mail for the receipt: {email}"),
    words("Declared: {moment}"),
)
"""The statement, in the order in which it is written; the goods come after the first."""


@dataclass(frozen=True)
class Statement:
    """A draft with all that is shown of it."""

    visitor: Visitor
    sketch: Sketch
    basket: Basket
    left: Mapping[int, int]
    now: datetime

    @property
    def choice(self) -> Sequence[tuple[Piece, int, int, str | None]]:
        """Piece, units to be had of it, units chosen, and what is to be said of it; sent or not. All to begin with."""
        pieces = (*self.basket.pieces, *self.basket.unsent_pieces)
        return [
            (piece, left, self._chosen(piece, left), self._said(piece))
            for piece in pieces
            if (left := self.left[piece.fulfillment_line_id])
        ]

    def _chosen(self, piece: Piece, left: int) -> int:
        wish = self.sketch.wish(piece.fulfillment_line_id)
        if self.sketch.typed:
            return wish.quantity if wish else 0
        return 0 if windows.is_excepted(self.terms, piece) else left

    def _said(self, piece: Piece) -> str | None:
        t = self.visitor.language.t
        if windows.is_excepted(self.terms, piece):
            return t("The law excepts items like this one. You can declare it all the same; we then look at it.")
        return None if piece.shipment_id else t("Not sent yet")

    @property
    def terms(self) -> Terms:
        return self.visitor.terms[1]

    @property
    def wishes(self) -> Sequence[Wish]:
        return self.sketch.wishes

    @property
    def goods(self) -> Sequence[tuple[int, Piece]]:
        """How many of what."""
        found = ((wish.quantity, self.basket.piece(wish.fulfillment_line_id)) for wish in self.wishes)
        return [(count, piece) for count, piece in found if piece is not None]

    @property
    def name(self) -> str:
        person = self.visitor.whole.order.person
        return self.sketch.typed.get("name", " ".join(filter(None, (person["first_name"], person["last_name"]))))

    @property
    def email(self) -> str:
        return self.sketch.typed.get("email", self.visitor.whole.order.person["email"] or "")

    @property
    def window(self) -> windows.Window | None:
        return windows.legal(self.terms, self.basket, zone(self.visitor.shop.timezone))

    @property
    def period(self) -> str:
        """Until when, as its buyer reads it."""
        language, window = self.visitor.language, self.window
        if window is None:
            return language.t("The 14 days begin when the last item has come to you.")
        where = zone(self.visitor.shop.timezone)
        day = language.date(datetime.combine(window.last, time(12), where), where)
        if window.is_open(self.now):
            return language.t("The last day is {day}.", day=day)
        return language.t("The 14 days ended on {day}. You can declare it all the same; we then look at it.", day=day)

    @property
    def decided(self) -> Sequence[Decision]:
        where = zone(self.visitor.shop.timezone)
        return [decisions.by_law(self.terms, self.basket, piece, self.now, where) for _, piece in self.goods]

    @property
    def flags(self) -> Sequence[str]:
        is_late = self.window is not None and not self.window.is_open(self.now)
        is_excepted = any(windows.is_excepted(self.terms, piece) for _, piece in self.goods)
        return [flag for flag, is_so in ((LATE, is_late), (EXCEPTED, is_excepted)) if is_so]

    @property
    def preview(self) -> money.Preview:
        where = zone(self.visitor.shop.timezone)
        return money.preview(
            self.basket, self.wishes, self.terms, {}, is_withdrawal=True, asked_at=self.now, zone=where
        )

    @property
    def text(self) -> str:
        """Word for word what is declared, with its moment."""
        return _written(self, self.visitor.language)


def is_offered(country: str | None) -> bool:
    """Where the law holds: by where the order is delivered to."""
    return country in windows.EEA


def show(visitor: Visitor, step: str) -> Page:
    if not is_offered(visitor.whole.order.country):
        return Page("elsewhere", {}, 404)
    statement = _statement(visitor)
    if statement is None:
        return Page("away", {"step": step, "notice": AWAY}, 503)
    is_ready = step == CONFIRMATION and statement.sketch.typed and not _wrong(statement)
    return _page(statement, CONFIRMATION if is_ready else STATEMENT)


def too_large(visitor: Visitor) -> Page:
    """The form was too much to be read at all."""
    page = show(visitor, STATEMENT)
    return page._replace(context={**page.context, "notice": TOO_LONG}, status=413)


def state(visitor: Visitor, form: Form) -> Answer:
    """The first step: kept right or wrong, then on to the second."""
    if not is_offered(visitor.whole.order.country):
        return Page("elsewhere", {}, 404)
    typed = {name: choosing.clean(form.get(name, "")) for name in ("name", "email")}
    _keep(visitor, replace(_draft(visitor), typed=typed))
    statement = _statement(visitor)
    if statement is None:
        return Page("away", {"step": STATEMENT, "notice": AWAY}, 503)
    everything = replace(statement.basket, pieces=(*statement.basket.pieces, *statement.basket.unsent_pieces))
    wishes = choosing.units(form, everything, Sketch())
    statement = replace(statement, sketch=replace(statement.sketch, wishes=wishes))
    _keep(visitor, statement.sketch)
    errors = _wrong(statement)
    return _page(statement, STATEMENT, 422, errors) if errors else Next(CONFIRMATION)


def confirm(visitor: Visitor) -> Answer:
    """The second step: declared at this moment. When Shopify does not answer just now, what it said last will do: a
    right that runs out cannot wait for it.
    """
    if not is_offered(visitor.whole.order.country):
        return Page("elsewhere", {}, 404)
    if _draft(visitor) == EMPTY and (sent := _just_sent(visitor)):
        return Next(f"requests/{sent.id}")
    statement = _statement(visitor)
    if statement is None:
        return Page("away", {"step": CONFIRMATION, "notice": AWAY}, 503)
    if errors := _wrong(statement):
        return _page(statement, STATEMENT, 409, errors)
    try:
        sent = _file(statement)
    except requests.Taken:
        fresh = _statement(visitor) or statement
        return _page(fresh, STATEMENT, 409, notice=TAKEN)
    except LookupError:
        return Page("gone", {}, 404)
    return Next(f"requests/{sent.id}" if sent else STATEMENT)


def _file(statement: Statement) -> Request | None:
    """Of two clicks at the same time, the one that finds the draft."""
    visitor, text = statement.visitor, statement.text
    with transaction():
        units.lock(visitor.shop, statement.basket.order_id)
        if _draft(visitor) == EMPTY:
            return _just_sent(visitor)
        return requests.ask(
            visitor.shop,
            WITHDRAWAL,
            visitor.door,
            statement.basket,
            statement.wishes,
            terms_version=visitor.terms[0],
            decisions=statement.decided,
            preview=statement.preview,
            email=statement.email,
            content=_proven(text, statement.now),
            flags=statement.flags,
        )


def _proven(text: str, at: datetime) -> dict[str, str]:
    """The hash is of the receipt's own words, so that whoever holds the mail can work it out."""
    return {"receipt": text, "proof": hashlib.sha256(text.encode()).hexdigest(), "declared_at": at.isoformat()}


def _just_sent(visitor: Visitor) -> Request | None:
    asked = [one for one in requests.of_order(visitor.shop, visitor.whole.order.id) if one.kind == WITHDRAWAL]
    return asked[-1] if asked and clock.now() - asked[-1].asked_at < SHORTLY else None


def _written(statement: Statement, language: Language) -> str:
    order, shop = statement.visitor.whole.order, statement.visitor.shop
    where = zone(shop.timezone)
    moment = f"{language.time(statement.now, where)}, {statement.now:%Y-%m-%dT%H:%M:%SZ}"
    facts = {
        "shop": shop.name or shop.domain,
        "order": order.name,
        "day": language.day(order.placed_at, where),
        "name": statement.name,
        "email": statement.email,
        "moment": moment,
    }
    first, *others = (language.t(line, **facts) for line in LINES)
    goods = [f"- {count} × {_titled(piece)}" for count, piece in statement.goods]
    return "\n".join((first, *goods, *others))


def _titled(piece: Piece) -> str:
    return f"{piece.title} ({piece.variant_title})" if piece.variant_title else piece.title


def _wrong(statement: Statement) -> Errors:
    t, errors = statement.visitor.language.t, Errors()
    if not statement.wishes:
        errors["units"] = t("Please choose at least one item.")
    for wish in statement.wishes:
        left = statement.left.get(wish.fulfillment_line_id, 0)
        if wish.quantity > left:
            errors[f"units-{wish.fulfillment_line_id}"] = choosing.too_many(statement.visitor.language, left)
    for field, text in (("name", statement.name), ("email", statement.email)):
        if not text:
            errors[field] = t("Please fill this in.")
        elif len(text) > LONGEST or "\n" in text:
            errors[field] = t("This is too long.")
    if "email" not in errors and not _is_address(statement.email):
        errors["email"] = t("This does not look like an e-mail address.")
    return errors


def _is_address(text: str) -> bool:
    name, at, host = text.rpartition("@")
    return bool(name and at and host) and text.isprintable() and not any(sign in text for sign in ' ,;<>()"')


def _statement(visitor: Visitor) -> Statement | None:
    """By what Shopify says now, else by what it said last; None when it never did."""
    sketch = _draft(visitor)
    try:
        basket = reading.read(visitor.shop, visitor.whole.order.id)
    except ShopifyError:
        basket = sketch.basket
    if basket is None:
        return None
    left = units.left(visitor.shop, basket)
    return Statement(visitor, replace(sketch, basket=basket), basket, left, clock.now())


def _draft(visitor: Visitor) -> Sketch:
    return drafts.of(visitor.shop, visitor.whole.order.id, WITHDRAWAL)


def _keep(visitor: Visitor, sketch: Sketch) -> None:
    drafts.keep(visitor.shop, visitor.whole.order.id, WITHDRAWAL, sketch)


def _page(
    statement: Statement, step: str, status: int = 200, errors: Errors | None = None, notice: str | None = None
) -> Page:
    template = "confirmation" if step == CONFIRMATION else "statement"
    return Page(template, {"statement": statement, "errors": errors or {}, "notice": notice}, status)
