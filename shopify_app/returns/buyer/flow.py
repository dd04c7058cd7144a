"""A buyer's way to a return, step by step: what, why, what else is needed, check, sent. Every page is a plain form.

What was chosen lies in a draft with us. Each step takes what was typed into the draft first and judges it then, so that
nothing is lost; and everything is judged anew, from Shopify's own numbers, before it is sent. Where the pages stand and
how their addresses are written only the Visitor knows: they are the same on the order's page and in the portal.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, NamedTuple

import structlog
from werkzeug.datastructures import FileStorage, MultiDict

from shopify_app import addresses, clock
from shopify_app.db import transaction
from shopify_app.language import Language, speak, words, zone
from shopify_app.orders.read import Whole
from shopify_app.photos import MOST as MOST_PHOTOS
from shopify_app.photos import MOST_BYTES, UNFIT, UNKEPT, Unfit, Unreachable
from shopify_app.returns import photos, reading, requests
from shopify_app.returns.basket import Basket, Piece
from shopify_app.returns.buyer import amending, choosing, drafts, slip, timeline
from shopify_app.returns.buyer.amending import Before
from shopify_app.returns.buyer.choosing import Case, Errors, Form
from shopify_app.returns.buyer.drafts import EMPTY, Sketch
from shopify_app.returns.models import EXCHANGE, FREEING, RETURN, Request
from shopify_app.returns.policy import policies
from shopify_app.returns.policy.terms import Terms
from shopify_app.returns.requests import effects, labelling, units
from shopify_app.shopify.errors import ShopifyError
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

WHAT, DETAILS, MORE, CHECK = "", "details", "more", "check"
"""The steps, by their path below the first one's."""
JUDGES: Mapping[str, Callable[[Case], Errors]] = {
    WHAT: choosing.wrong_units,
    DETAILS: choosing.wrong_details,
    MORE: choosing.wrong_more,
}
TEMPLATES = {WHAT: "what", DETAILS: "details", MORE: "more", CHECK: "check"}
SHORTLY = timedelta(minutes=10)
"""So long a second click on “send” leads to what the first one sent."""

AWAY = words("The shop’s system does not answer at the moment. What you have chosen is kept: please try again soon.")
TAKEN = words("Some of it has just been asked for from elsewhere. Please look again at what is left.")
CHANGED = words("Something has changed since you opened this page. Please check it once more, then send it.")
TOO_LONG = words("This is too long.")
TOO_LATE = words("This is not possible any more. Below you see how things stand.")
DEEDS: Mapping[str, Callable[[Shop, int], bool]] = {
    "cancellation": lambda shop, number: requests.cancel(shop, number, effects.BUYER),
    "label": labelling.ask_again,
}
"""What takes no more than a click. False: it is too late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who has proven to be the buyer of an order, and where they are."""

    shop: Shop
    whole: Whole
    door: str
    """As in models.Request.door."""
    is_guest: bool
    """Proven by a code that was mailed, not by logging in."""
    locale: str
    """As from Shop.voice."""
    order_page: str
    """Its address."""
    to: Callable[[str], str]
    """The address of a page of these, by its path, as in "details"."""

    amends: int | None = None
    """The request that is to be changed; None: a new one is made."""

    @property
    def before(self) -> Before | None:
        """How that stands; None also when it cannot be changed any more."""
        return amending.of(self.shop, self.whole.order.id, self.amends) if self.amends is not None else None

    def at(self, step: str) -> str:
        """The path of a step."""
        change = () if self.amends is None else (f"requests/{self.amends}/change",)
        return "/".join(filter(None, (*change, step)))

    @property
    def draft(self) -> str:
        """Its kind."""
        return RETURN if self.amends is None else f"{RETURN}/{self.amends}"

    @property
    def language(self) -> Language:
        return speak(self.locale)

    @property
    def terms(self) -> tuple[int, Terms]:
        """Version and content of what the order was bought under."""
        if before := self.before:
            return before.policy_version, policies.version(self.shop, before.policy_version)
        return policies.of_order(self.shop, self.whole.order.placed_at)

    def picture(self, piece: Piece) -> str | None:
        """Twice as wide as it is shown, for dense screens."""
        line = next((one for one in self.whole.lines if one.id == piece.line_id), None)
        return addresses.picture(self.whole.picture(line), 128) if line else None

    @property
    def is_welcome(self) -> bool:
        return self.terms[1].guests or not self.is_guest


class Page(NamedTuple):
    """To be shown."""

    template: str
    context: Mapping[str, Any]
    status: int = 200


class Next(NamedTuple):
    """To be gone to, so that a reload repeats nothing."""

    path: str


Answer = Page | Next


class Away(Exception):
    """Shopify does not answer, and nothing that we know will do instead."""


def show(visitor: Visitor, step: str) -> Page:
    """A step, or the first one before it that is not done."""
    if turned := _turned_away(visitor):
        return turned
    if visitor.amends is not None and not _is_begun(visitor):
        step = WHAT
    try:
        sketch = _read(visitor, _draft(visitor), is_new=step == WHAT)
    except Away:
        return _away(visitor, step)
    case = _case(visitor, sketch)
    return _page(case, _undone(case, step))


def take(visitor: Visitor, step: str, form: Form, files: MultiDict[str, FileStorage] | None = None) -> Answer:
    """What was typed goes into the draft, right or wrong; then on to the next step, or back to what is wrong."""
    if turned := _turned_away(visitor):
        return turned
    sketch = _draft(visitor)
    try:
        sketch = _filled(visitor, _read(visitor, sketch, is_new=step == WHAT), step, form)
    except Away:
        return _away(visitor, step)
    _keep(visitor, sketch)
    unfit = _photos(visitor, sketch, form, files) if files is not None else {}
    case = _case(visitor, sketch)
    errors = JUDGES[step](case) | unfit
    if "stay" in form and not unfit:
        return Next(visitor.at(step))
    return _page(case, step, 422, errors) if errors else Next(visitor.at(_following(case, step)))


def send(visitor: Visitor, seen: str) -> Answer:
    """File it, judged once more by what Shopify says now. `seen`: Case.seen of the page that the buyer agreed to."""
    if turned := _turned_away(visitor):
        return turned
    try:
        sketch = _read(visitor, _draft(visitor), is_new=True)
        sketch = replace(sketch, variants=_variants(visitor, sketch, is_new=True))
    except Away:
        return _away(visitor, CHECK)
    case = _case(visitor, sketch)
    step = _undone(case, CHECK)
    if not _is_begun(visitor) and (sent := _just_sent(visitor)):
        return Next(f"requests/{sent}")
    if step == CHECK and seen == case.seen:
        return _file(visitor, case)
    drafts.renew(visitor.shop, visitor.whole.order.id, visitor.draft, sketch)
    if step != CHECK:
        return _page(case, step, 409, JUDGES[step](case))
    return _page(case, CHECK, 409, notice=CHANGED)


def _file(visitor: Visitor, case: Case) -> Answer:
    """Of two clicks at the same time, the one that finds the draft."""
    shop, order = visitor.shop, visitor.whole.order
    try:
        with transaction():
            units.lock(shop, order.id)
            if not _is_begun(visitor):
                sent = _just_sent(visitor)
            elif visitor.amends is not None:
                return _amend(visitor, case)
            else:
                told = {"terms_version": case.version} | choosing.contents(case)
                sent = requests.ask(shop, RETURN, visitor.door, case.basket, case.wishes, **told).id
    except requests.Taken:
        return _page(_case(visitor, case.sketch), WHAT, 409, notice=TAKEN)
    except LookupError:
        return Page("gone", {}, 404)
    return Next(f"requests/{sent}" if sent else WHAT)


def _amend(visitor: Visitor, case: Case) -> Answer:
    """Under the order's lock. What staff did since the buyer looked is looked at first."""
    shop, basket = visitor.shop, _basket(case.sketch)
    requests.get(shop, visitor.amends or 0, is_locked=True)
    before = visitor.before
    if before is not None and before != case.before:
        return _page(_case(visitor, case.sketch), CHECK, 409, notice=CHANGED)
    told = {"draft": visitor.draft} | choosing.contents(case)
    if before is None or not requests.amend(shop, before.id, basket, case.wishes, **told):
        return _too_late(visitor)
    return Next(f"requests/{before.id}")


def _just_sent(visitor: Visitor) -> int | None:
    """The request that a first click has sent; without a draft there is nothing to change any more."""
    if visitor.amends is not None:
        return visitor.amends
    asked = [one for one in requests.of_order(visitor.shop, visitor.whole.order.id) if one.kind == RETURN]
    return asked[-1].id if asked and clock.now() - asked[-1].asked_at < SHORTLY else None


def _turned_away(visitor: Visitor) -> Page | None:
    if not visitor.is_welcome:
        return Page("guest", {}, 403)
    return _too_late(visitor) if visitor.amends is not None and visitor.before is None else None


def _too_late(visitor: Visitor) -> Page:
    return requested(visitor, visitor.amends or 0, 409, notice=TOO_LATE)


def _away(visitor: Visitor, step: str) -> Page:
    return Page("away", {"step": visitor.at(step), "notice": AWAY}, 503)


def too_large(visitor: Visitor, step: str = MORE) -> Page:
    """A form was too much to be read at all; what was chosen before is still there."""
    answer = show(visitor, step)
    notice = UNFIT["large"] if step == MORE else TOO_LONG
    return answer._replace(context={**answer.context, "notice": notice}, status=413)


def requested(visitor: Visitor, number: int, status: int = 200, **context: Any) -> Page:
    """One request, as it stands."""
    request = _own(visitor, number)
    if request is None:
        return Page("gone", {}, 404)
    journey = timeline.journey(visitor.shop, visitor.whole, request, visitor.language)
    taken = photos.of_request(visitor.shop, number)
    told = {"request": request, "journey": journey, "longest": choosing.LONGEST, "errors": {}, "notice": None}
    told["findings"] = [photo for photo in taken if photo.by != photos.BUYER]
    told["may_ask_label"] = labelling.may_ask(visitor.shop, request)
    told["can_change"] = amending.of(visitor.shop, visitor.whole.order.id, number) is not None
    return Page("request", told | context, status)


def packed(visitor: Visitor, number: int) -> Page:
    """What goes into the parcel with it."""
    request = _own(visitor, number)
    made = slip.of(visitor.shop, visitor.whole, request, visitor.language) if request else None
    return Page("slip", {"slip": made}) if made else Page("gone", {}, 404)


def follow_up(visitor: Visitor, number: int, deed: str, form: Form) -> Answer:
    """Answer what staff asked, call it off, or ask for a new label."""
    if _own(visitor, number) is None:
        return Page("gone", {}, 404)
    if deed != "answer":
        is_done = DEEDS[deed](visitor.shop, number)
        return Next(f"requests/{number}") if is_done else requested(visitor, number, 409, notice=TOO_LATE)
    text = choosing.clean(form.get("answer", ""))
    if not text or len(text) > choosing.LONGEST:
        said = words("Please fill this in.") if not text else words("This is too long.")
        return requested(visitor, number, 422, errors={"answer": visitor.language.t(said)}, typed=text)
    is_done = requests.answer(visitor.shop, number, text)
    return Next(f"requests/{number}") if is_done else requested(visitor, number, 409, notice=TOO_LATE)


def _own(visitor: Visitor, number: int) -> Request | None:
    """Of this order; another order's is none."""
    if number >= 10**choosing.DIGITS:
        return None
    found = requests.get(visitor.shop, number)
    return found if found is not None and found.order_id == visitor.whole.order.id else None


# The draft


def _draft(visitor: Visitor) -> Sketch:
    """Of a change that is not begun: what was asked for so far."""
    kept = drafts.of(visitor.shop, visitor.whole.order.id, visitor.draft)
    return Sketch(wishes=before.wishes) if kept == EMPTY and (before := visitor.before) else kept


def _is_begun(visitor: Visitor) -> bool:
    return drafts.of(visitor.shop, visitor.whole.order.id, visitor.draft) != EMPTY


def _keep(visitor: Visitor, sketch: Sketch) -> None:
    drafts.keep(visitor.shop, visitor.whole.order.id, visitor.draft, sketch)


def _read(visitor: Visitor, sketch: Sketch, *, is_new: bool) -> Sketch:
    """With a basket; `is_new`: as it is now, as far as Shopify answers. Raises Away."""
    if sketch.basket is not None and not is_new:
        return sketch
    try:
        basket = reading.read(visitor.shop, visitor.whole.order.id)
    except ShopifyError as error:
        log.warning("return_not_read", shop=visitor.shop.domain, error=type(error).__name__)
        raise Away from error
    if basket is None:
        raise Away
    return replace(sketch, basket=basket)


def _filled(visitor: Visitor, sketch: Sketch, step: str, form: Form) -> Sketch:
    if step == MORE:
        return replace(sketch, wishes=choosing.more(form, _case(visitor, sketch)))
    wishes = choosing.units(form, _basket(sketch), sketch) if step == WHAT else choosing.details(form, sketch)
    sketch = replace(sketch, wishes=wishes)
    # Kept before Shopify is asked: it may not answer.
    _keep(visitor, sketch)
    return replace(sketch, variants=_variants(visitor, sketch))


def _variants(visitor: Visitor, sketch: Sketch, *, is_new: bool = False) -> Mapping[int, Sequence[reading.Variant]]:
    """What each piece can be exchanged for that is to be. Raises Away."""
    basket = _basket(sketch)
    wanted = [wish.fulfillment_line_id for wish in sketch.wishes if wish.outcome == EXCHANGE]
    pieces = [piece for piece in basket.pieces if piece.fulfillment_line_id in wanted]
    known = {} if is_new else sketch.variants
    try:
        return {
            piece.fulfillment_line_id: known.get(piece.fulfillment_line_id)
            or reading.variants(visitor.shop, basket, piece)
            for piece in pieces
        }
    except ShopifyError as error:
        raise Away from error


def _photos(visitor: Visitor, sketch: Sketch, form: Form, files: MultiDict[str, FileStorage]) -> Errors:
    """Take in what was chosen, let go what was crossed out; what could not be taken, by its field."""
    shop, order_id, errors = visitor.shop, visitor.whole.order.id, Errors()
    if "remove" in form:
        photos.drop(shop, order_id, form["remove"])
    for wish in sketch.wishes:
        name = f"photo-{wish.fulfillment_line_id}"
        for file in files.getlist(name):
            if not file.filename:
                continue
            try:
                photos.add(shop, order_id, wish.fulfillment_line_id, file.stream.read(MOST_BYTES + 1))
            except Unfit as error:
                errors[name] = visitor.language.t(UNFIT[error.why])
            except Unreachable:
                errors[name] = visitor.language.t(UNKEPT)
    return errors


def _basket(sketch: Sketch) -> Basket:
    if sketch.basket is None:
        raise LookupError("no basket was read")
    return sketch.basket


# The pages


def _case(visitor: Visitor, sketch: Sketch) -> Case:
    version, terms = visitor.terms
    basket, before = _basket(sketch), visitor.before
    left = units.left(visitor.shop, basket, visitor.amends)
    return Case(
        version=version,
        terms=terms,
        basket=_with_room(basket, left) if before else basket,
        before=before,
        sketch=sketch,
        left=left,
        earlier=_earlier(visitor),
        photos=[
            *(photos.of_request(visitor.shop, before.id) if before else ()),
            *photos.of_draft(visitor.shop, basket.order_id),
        ],
        now=clock.now(),
        zone=zone(visitor.shop.timezone),
        language=visitor.language,
    )


def _with_room(basket: Basket, left: Mapping[int, int]) -> Basket:
    """With the units that the request holds already as free."""
    pieces = (replace(one, returnable=left[one.fulfillment_line_id]) for one in basket.pieces)
    return replace(basket, pieces=tuple(pieces))


def _earlier(visitor: Visitor) -> int:
    """Returns that this order has had; a withdrawal is the law's, and does not count."""
    asked = requests.of_order(visitor.shop, visitor.whole.order.id)
    others = (one for one in asked if one.kind == RETURN and one.id != visitor.amends)
    return sum(one.state not in FREEING for one in others)


def _following(case: Case, step: str) -> str:
    """The next step; whoever changes a return passes each that has something to choose."""
    if case.before is None:
        return _undone(case, CHECK)
    is_exchange = any(wish.outcome == EXCHANGE for wish in case.wishes)
    following = {WHAT: DETAILS, DETAILS: MORE if is_exchange else CHECK}
    return _undone(case, following.get(step, CHECK))


def _undone(case: Case, until: str) -> str:
    """The first step before `until` that something is missing from, else `until` itself."""
    before = list(JUDGES)[: list(JUDGES).index(until)] if until in JUDGES else list(JUDGES)
    return next((step for step in before if JUDGES[step](case)), until)


def _page(case: Case, step: str, status: int = 200, errors: Errors | None = None, notice: str | None = None) -> Page:
    told = {"case": case, "step": step, "errors": errors or {}, "notice": notice, "longest": choosing.LONGEST}
    told["most_photos"] = MOST_PHOTOS
    return Page(TEMPLATES[step], told, status)
