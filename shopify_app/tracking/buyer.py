"""What a buyer does about an order besides reading: proves to be its buyer, and chooses which messages come."""

from flask import Blueprint, Response, g, request

from shopify_app.db import transaction
from shopify_app.language import words
from shopify_app.mail import refusals
from shopify_app.orders import proof
from shopify_app.orders.models import Order
from shopify_app.shopify import guards
from shopify_app.storefront import TYPED, keep_private, link, reader, show, visit
from shopify_app.tracking import codes

pages = Blueprint("buyer", __name__, url_prefix="/proxy/orders/<token>")
pages.before_request(guards.storefront)
pages.after_request(keep_private)

WRONG = words("This is not the code, or it is too old. Please look at the newest message again.")
TOO_OFTEN = words("That was too often. Please wait ten minutes, and have a new code mailed.")
TOPICS = {"parcels"}
"""What this page lets choose; out of marketing leads a link of its own."""
LONGEST = 64
"""Signs of a typed code, or of the name of a page."""


@pages.get("/messages")
def messages(token: str) -> Response:
    """Which messages the buyer of this order gets; whoever holds the link may choose, as in the foot of every mail."""
    return _choices(token, visit(token).whole.order)


@pages.post("/messages")
def choose(token: str) -> Response:
    order = visit(token).whole.order
    if email := order.person["email"]:
        _keep(refusals.mark(g.shop, email), set(request.form.getlist("topics")))
    return _choices(token, order, is_kept=bool(email))


def _keep(person: bytes, wanted: set[str]) -> None:
    with transaction():
        refusals.take_back(g.shop, person, wanted & TOPICS)
        refusals.refuse(g.shop, person, TOPICS - wanted)


def _choices(token: str, order: Order, is_kept: bool = False) -> Response:
    email = order.person["email"]
    refused = {one.topic for one in refusals.of(g.shop, email)} if email else set()
    wanted = TOPICS - refused
    return _page("messages", token, order, wanted=wanted, has_address=bool(email), is_kept=is_kept)


@pages.get("/code")
def ask(token: str) -> Response:
    return _page("prove", token, visit(token).whole.order)


@pages.post("/code")
def mail(token: str) -> Response:
    """Whoever holds the link may have it mailed: it goes to the address on file."""
    order = visit(token).whole.order
    if not order.person["email"]:
        return _page("prove", token, order)
    with transaction():
        codes.mail(g.shop, order.id)
    return _page("code", token, order)


@pages.post("/proof")
def prove(token: str) -> Response:
    order = visit(token).whole.order
    if not codes.is_allowed(g.shop, order.id):
        return _page("code", token, order, 429, error=TOO_OFTEN)
    if not codes.fits(g.shop, order.id, request.form.get("code", "")[:LONGEST]):
        return _page("code", token, order, 422, error=WRONG)
    door = _door()
    there = link(f"orders/{token}/{door}" if door else f"orders/{token}", proof=proof.word(g.shop, order.id))
    typed = request.form.get(TYPED, "")
    return show("tracking/found.html", reader(order.locale), name=order.name, there=there, typed=typed)


def _page(template: str, token: str, order: Order, status: int = 200, **context: object) -> Response:
    told = {"token": token, "order": order, "door": _door(), "proof": request.args.get("proof", "")} | context
    told["typed"] = request.form.get(TYPED, "")
    return show(f"tracking/{template}.html", reader(order.locale), status, **told)


def _door() -> str:
    """The page below the order's that asked for proof; none for anything that is not such a name."""
    wanted = request.values.get("next", "")
    is_name = len(wanted) < LONGEST and all(part.isascii() and part.isalnum() for part in wanted.split("/"))
    return wanted if is_name else ""
