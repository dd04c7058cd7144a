"""What waits for staff: the list of returns by what has to be done, and a page of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select, true, tuple_

from shopify_app import clock
from shopify_app.db import db
from shopify_app.language import Language
from shopify_app.orders import places, read
from shopify_app.orders.models import Line, Order
from shopify_app.orders.places import Place
from shopify_app.orders.read import Whole
from shopify_app.returns import codes
from shopify_app.returns.execution.overdue import LEGAL, due_at, legal_due_at
from shopify_app.returns.models import (
    APPROVED,
    OVER,
    RECEIVED,
    WITHDRAWAL,
    Entry,
    Goodwill,
    Item,
    Photo,
    Request,
)
from shopify_app.returns.policy import reasons
from shopify_app.returns.requests import lookup
from shopify_app.returns.requests.deciding import UNDECIDED
from shopify_app.returns.requests.handling import DUE_AFTER, WARNED_AFTER
from shopify_app.returns.staff.filters import Filter
from shopify_app.shopify.models import Shop

PAGE = 50
ANY = Filter()
"""Every one."""

Which = Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class View:
    which: Which
    """Of those, by the number of the person who looks."""
    is_oldest_first: bool = True


def _is_late(_user: str) -> ColumnElement[bool]:
    """The clock of a refund, or the law's, has run out."""
    now = clock.now()
    refund = and_(Request.state == RECEIVED, Request.received_at <= now - DUE_AFTER)
    law = and_(Request.kind == WITHDRAWAL, Request.state.not_in(OVER), Request.asked_at <= now - LEGAL)
    return or_(refund, law)


def _is_uninspected() -> ColumnElement[bool]:
    """Something of it came that nobody has looked at."""
    same = and_(Item.shop_id == Request.shop_id, Item.request_id == Request.id)
    return exists().where(same, Item.received > Item.accepted + Item.rejected)


def _has_arrived() -> ColumnElement[bool]:
    """Its carrier says so; nobody has said what came."""
    same = and_(Entry.shop_id == Request.shop_id, Entry.request_id == Request.id)
    return exists().where(same, Entry.word == "back")


VIEWS: Mapping[str, View] = {
    "decide": View(lambda _: and_(Request.state.in_(UNDECIDED), Request.is_buyers_turn.is_(False))),
    "buyer": View(lambda _: and_(Request.state.in_(UNDECIDED), Request.is_buyers_turn)),
    "goods": View(lambda _: Request.state == APPROVED),
    "arrived": View(lambda _: and_(Request.state == APPROVED, Request.received_at.is_(None), _has_arrived())),
    "inspect": View(lambda _: and_(Request.state == RECEIVED, _is_uninspected())),
    "labels": View(lambda _: and_(Request.state == APPROVED, Request.needs_label)),
    "refund": View(lambda _: and_(Request.state == RECEIVED, not_(_is_uninspected()))),
    "late": View(_is_late),
    "flagged": View(lambda _: and_(Request.is_flagged, Request.state.not_in(OVER))),
    "withdrawals": View(lambda _: and_(Request.kind == WITHDRAWAL, Request.state.not_in(OVER))),
    "mine": View(lambda user: and_(Request.assigned_to == user, Request.state.not_in(OVER))),
    "all": View(lambda _: true(), is_oldest_first=False),
}
"""What there is to choose, in the order in which it is offered."""


@dataclass(frozen=True, slots=True)
class Row:
    request: Request
    whole: Whole | None
    """None: the order was deleted."""
    items: Sequence[Item]
    photos: int

    @property
    def order(self) -> Order | None:
        return self.whole.order if self.whole else None

    @property
    def is_undecided(self) -> bool:
        return self.request.state in UNDECIDED

    @property
    def is_uninspected(self) -> bool:
        return any(item.uninspected for item in self.items)

    @property
    def value(self) -> int | None:
        """What comes back, in minor units; None: nobody has worked it out."""
        if self.request.expected is not None:
            return self.request.expected
        known = [item.amount for item in self.items if item.amount is not None]
        return sum(known) if known else None

    def title(self, item: Item) -> str:
        """Of what the buyer sends back."""
        line = self._line(item)
        if line is None:
            return str(item.content.get("title") or "–")
        return " · ".join(filter(None, (line.title, line.variant_title)))

    def reason(self, item: Item, language: Language) -> str:
        return reason_named(item.reason, language)

    def picture(self, item: Item) -> str | None:
        line = self._line(item)
        return self.whole.picture(line) if self.whole and line else None

    def _line(self, item: Item) -> Line | None:
        lines = self.whole.lines if self.whole else ()
        return next((one for one in lines if one.id == item.line_id), None)


def reasons_known(rows: Sequence[Row], language: Language, chosen: str) -> Sequence[tuple[str, str]]:
    """Handle and words of what can be chosen: those that we have words for, those of these rows, and the chosen one."""
    handles = {*reasons.NAMES, *(item.reason for row in rows for item in row.items if item.reason)}
    named = {handle: reason_named(handle, language) for handle in handles | ({chosen} if chosen else set())}
    return sorted(named.items(), key=lambda pair: pair[1].casefold())


def reason_named(handle: str | None, language: Language) -> str:
    """A handle that we have no words for is shown as it is, without its hyphens."""
    known = reasons.NAMES.get(handle or "")
    return language.t(known) if known else (handle or "").replace("-", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Row]
    before: str | None = None
    """Where the page before this one ends, as `places.find` reads it; None: this is the first. So `after`."""
    after: str | None = None


def page(
    shop: Shop, name: str, user: str, only: Filter = ANY, *, after: Place | None = None, before: Place | None = None
) -> Page:
    """One of VIEWS, narrowed down. The first page is always a full one."""
    view = replace(VIEWS[name], which=lambda user: and_(VIEWS[name].which(user), only.which(shop)))
    if before is not None:
        found = _next(shop, view, user, before, is_rising=not view.is_oldest_first)
        if len(found) > PAGE:
            return _page(shop, found[:PAGE][::-1], has_before=True, has_after=True)
        after = None
    found = _next(shop, view, user, after, is_rising=view.is_oldest_first)
    if after is not None and not found:
        return page(shop, name, user, only)
    return _page(shop, found[:PAGE], has_before=after is not None, has_after=len(found) > PAGE)


def search(shop: Shop, text: str) -> Page:
    """The returns of orders of this number or e-mail; the number of a return itself will do as well, or its code."""
    coded = codes.number(shop, text)
    if coded is not None and (one := lookup.get(shop, coded)):
        return _page(shop, [one], has_before=False, has_after=False)
    orders = [order.id for order in read.search(shop, text.partition("-R")[0].strip())]
    found = select(Request).where(Request.shop_id == shop.id, Request.order_id.in_(orders))
    requests = db.session.scalars(found.order_by(Request.asked_at.desc(), Request.id.desc()).limit(PAGE)).all()
    return _page(shop, requests, has_before=False, has_after=False)


def counts(shop: Shop, user: str) -> dict[str, int]:
    """How many there are in each of VIEWS but the last, in one look."""
    asked = {name: func.count().filter(view.which(user)) for name, view in VIEWS.items() if name != "all"}
    open_ones = select(*(count.label(name) for name, count in asked.items())).where(
        Request.shop_id == shop.id, Request.state.not_in(OVER)
    )
    return dict(db.session.execute(open_ones).one()._mapping)


def some(shop: Shop, ids: Sequence[int]) -> Sequence[Request]:
    """Those of these numbers that are this shop's, the longest waiting first."""
    found = select(Request).where(Request.shop_id == shop.id, Request.id.in_(ids))
    return db.session.scalars(found.order_by(Request.asked_at, Request.id)).all()


def names(shop: Shop, things: Sequence[Request | Goodwill]) -> dict[int, str]:
    """Of the orders that they are about."""
    return read.names(shop, {one.order_id for one in things if one.order_id})


@dataclass(frozen=True, slots=True)
class Clock:
    """When the money has to be back; None: nothing is due."""

    due: datetime | None
    """By the shop's own promise."""
    law: datetime | None
    """With a withdrawal."""

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due <= clock.now()

    @property
    def is_warned(self) -> bool:
        return self.due is not None and not self.is_late and self.due - (DUE_AFTER - WARNED_AFTER) <= clock.now()

    @property
    def is_unlawful(self) -> bool:
        return self.law is not None and self.law <= clock.now()


def timed(request: Request) -> Clock:
    return Clock(due_at(request), legal_due_at(request) if request.state not in OVER else None)


def rows(shop: Shop, requests: Sequence[Request]) -> Sequence[Row]:
    """With all that a list shows of them, in as many queries as for one."""
    ids = [request.id for request in requests]
    orders = db.session.scalars(_orders(shop, {request.order_id for request in requests})).all()
    wholes = {whole.order.id: whole for whole in read.wholes(shop, orders)}
    items = lookup.items(shop, ids)
    counted = select(Photo.request_id, func.count()).where(Photo.shop_id == shop.id, Photo.request_id.in_(ids))
    photos: Any = dict(db.session.execute(counted.group_by(Photo.request_id)).all())
    return [Row(one, wholes.get(one.order_id), items[one.id], photos.get(one.id, 0)) for one in requests]


def _orders(shop: Shop, ids: set[int]) -> Select[Order]:
    return select(Order).where(Order.shop_id == shop.id, Order.id.in_(ids), Order.deleted_at.is_(None))


def _next(shop: Shop, view: View, user: str, place: Place | None, *, is_rising: bool) -> Sequence[Request]:
    """Those beyond a place, one more than a page holds when there are more."""
    found = select(Request).where(Request.shop_id == shop.id, view.which(user))
    here = tuple_(Request.asked_at, Request.id)
    if place is not None:
        found = found.where(here > place if is_rising else here < place)
    columns = (Request.asked_at, Request.id)
    found = found.order_by(*(columns if is_rising else [column.desc() for column in columns]))
    return db.session.scalars(found.limit(PAGE + 1)).all()


def _page(shop: Shop, requests: Sequence[Request], *, has_before: bool, has_after: bool) -> Page:
    before, after = (_place(requests[0]), _place(requests[-1])) if requests else (None, None)
    return Page(rows(shop, requests), before if has_before else None, after if has_after else None)


def _place(request: Request) -> str:
    return places.written(request.asked_at, request.id)
