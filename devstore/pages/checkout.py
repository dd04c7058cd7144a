"""From the cart to "Thank you". A checkout exists from the moment the buyer has typed an e-mail."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, request, session
from flask.typing import ResponseReturnValue

from devstore import deeds, totals
from devstore.context import buyer, store
from devstore.money import text
from devstore.pages import orders, storefront, surfaces, theme
from devstore.pages.theme import page, say, shop
from devstore.places import TOWNS
from devstore.records import Address, Checkout
from devstore.totals import Totals

blueprint = Blueprint("checkout", __name__)

METHODS = {"standard": ("Standard", "4.90"), "express": ("Express", "14.90")}
CODES = {"WELCOME10": ("percentage", "10"), "MINUS5": ("fixed_amount", "5")}
"""The codes every shop on this machine takes, in shop money or percent."""

ACCEPTED = "1"
"""The card number of Shopify's bogus gateway that is accepted."""

COUNTRIES = dict(sorted({town.country_code: town.country for town in TOWNS.values()}.items(), key=lambda pair: pair[1]))


@dataclass(frozen=True)
class Basket:
    """The right-hand side of the checkout: what it costs so far, in shop money."""

    lines: list[storefront.CartLine]
    sums: Totals


@blueprint.get("/checkout")
def begin() -> ResponseReturnValue:
    if not session.get("cart"):
        return redirect("/cart")
    found = _current()
    return redirect(f"/checkouts/{found.token}") if found else _page(None)


@blueprint.post("/checkout")
def pay() -> ResponseReturnValue:
    """The whole form: "Apply" keeps it, "Pay now" makes the order."""
    found = _contact() or abort(400)
    _fill(found)
    if request.form.get("deed") != "pay":
        return redirect(f"/checkouts/{found.token}?{urlencode({'code': request.form.get('code', '')})}")
    by_card = request.form.get("payment") == "card"
    if by_card and request.form.get("card", "").strip() != ACCEPTED:
        deeds.decline_payment(store().state, found)
        return _page(found, declined=say("card_declined")), 402
    deeds.complete(store().state, found, gateway="bogus" if by_card else "bank_deposit", paid=by_card)
    session.pop("cart", None)
    session.pop("checkout", None)
    return redirect(f"/checkouts/{found.token}/thank-you")


@blueprint.post("/checkout/contact")
def contact() -> ResponseReturnValue:
    """The page calls this as soon as the e-mail is typed, as Shopify's does."""
    found = _contact()
    return {"token": found.token if found else None}


@blueprint.get("/checkouts/<token>")
def show(token: str) -> ResponseReturnValue:
    found = store().state.checkout_by_token(shop().domain, token) or abort(404)
    if found.order_id:
        return redirect(f"/checkouts/{token}/thank-you")
    return _page(found)


@blueprint.get("/<int:shop_id>/checkouts/<token>/recover")
@blueprint.get("/checkouts/<token>/recover", defaults={"shop_id": 0})
def recover(shop_id: int, token: str) -> ResponseReturnValue:
    """The link in a reminder: the cart is there again."""
    found = store().state.checkout_by_token(shop().domain, token) or abort(404)
    session["cart"] = {str(line.variant_id): line.quantity for line in found.lines}
    session["checkout"] = token
    code = request.args.get("discount", "")
    return redirect(f"/checkouts/{token}?{urlencode({'code': code})}" if code else f"/checkouts/{token}")


@blueprint.get("/checkouts/<token>/thank-you")
def thank_you(token: str) -> ResponseReturnValue:
    found = store().state.checkout_by_token(shop().domain, token) or abort(404)
    order = store().state.orders.get(found.order_id or 0)
    if order is None:
        return redirect(f"/checkouts/{token}")
    known = surfaces.thank_you(shop(), order, theme.locale())
    return page(
        "thank_you.html",
        say("thanks_plain"),
        blocks=surfaces.frames(shop(), theme.locale(), surfaces.THANK_YOU, known),
        around=surfaces.around_buyer(shop()),
        **orders.shown(order),
    )


def _current() -> Checkout | None:
    """The open checkout of this browser."""
    found = store().state.checkout_by_token(shop().domain, session.get("checkout", ""))
    return found if found and not found.order_id else None


def _contact() -> Checkout | None:
    """Begin or update the checkout with what is typed; None while there is no e-mail or no cart."""
    state, form, lines = store().state, request.form, _wanted()
    email, phone = form.get("email", "").strip(), form.get("phone", "").strip() or None
    found, news = _current(), "news" in form
    if "@" not in email or not lines:
        return None
    if found:
        return deeds.update_checkout(state, found, email=email, phone=phone, lines=lines, accepts_marketing=news)
    found = deeds.begin_checkout(
        state,
        shop().domain,
        lines,
        email=email,
        phone=phone,
        customer=buyer(),
        locale=theme.locale(),
        presentment_currency=theme.currency(),
        exchange_rate=theme.exchange_rate(),
        accepts_marketing=news,
    )
    session["checkout"] = found.token
    return found


def _fill(found: Checkout) -> None:
    """Address, shipping and code from the form."""
    code = request.form.get("code", "").strip().upper()
    deeds.update_checkout(
        store().state,
        found,
        shipping_address=_address() if _ships() else None,
        shipping=METHODS[request.form.get("method", "standard")] if _ships() else None,
        discount_code=_worth(code, found.email),
    )


def _worth(code: str, email: str | None = None) -> tuple[str, str, str] | None:
    """A code of the store's own, or of one of its apps."""
    return (code, *CODES[code]) if code in CODES else deeds.worth(store().state, shop().domain, code, email)


def _address() -> Address:
    form = request.form
    country = form.get("country", "FR")
    return Address(
        first_name=form.get("first_name", ""),
        last_name=form.get("last_name", ""),
        address1=form.get("address1", ""),
        zip=form.get("zip", ""),
        city=form.get("city", ""),
        country=COUNTRIES.get(country, country),
        country_code=country,
        phone=form.get("phone") or None,
    )


def _wanted() -> list[tuple[int, int]]:
    return [(variant.id, pieces) for _, variant, pieces in storefront.cart()]


def _ships() -> bool:
    return any(variant.requires_shipping for _, variant, _ in storefront.cart())


def _sums(found: Checkout | None) -> Totals:
    here = shop()
    if found:
        return totals.of_checkout(found, here.tax_rate, here.taxes_included, here.currency)
    goods = sum((Decimal(variant.price) * pieces for _, variant, pieces in storefront.cart()), Decimal())
    tax = totals.tax_of(goods, here.tax_rate, here.taxes_included, here.currency)
    return Totals(goods, Decimal(), goods, Decimal(), tax, Decimal(), goods)


def _page(found: Checkout | None, declined: str | None = None) -> str:
    customer = buyer()
    known = (found.shipping_address if found else None) or (customer.address if customer else None) or Address()
    taken = next((discount.code for discount in found.discounts), "") if found else ""
    typed = request.args.get("code", session.get("code", "")).strip().upper()
    methods = {key: (say(key), text(cost, shop().currency)) for key, (_, cost) in METHODS.items()}
    return page(
        "checkout.html",
        say("checkout"),
        checkout=found,
        address=known,
        basket=Basket(storefront.cart(), _sums(found)),
        ships=_ships(),
        methods=methods,
        countries=COUNTRIES,
        code=typed or taken,
        code_unknown=bool(typed) and _worth(typed) is None,
        declined=declined,
    )
