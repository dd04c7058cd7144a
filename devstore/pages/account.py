"""Customer accounts: log in with a code that comes by mail, see orders, change consent."""

import re
from email.message import EmailMessage
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, request, session
from flask.typing import ResponseReturnValue

from devstore import deeds, totals
from devstore.context import buyer, store
from devstore.pages import orders, surfaces, wording
from devstore.pages.theme import locale, page, say, shop
from devstore.records import Order

blueprint = Blueprint("account", __name__, url_prefix="/account")

PATH = re.compile(r"/(?!/)[\w/?=&.%-]*")
"""A place in this shop; nothing that leads to another host."""


@blueprint.get("")
def home() -> ResponseReturnValue:
    customer = buyer()
    if customer is None:
        return redirect("/account/login")
    theirs = [order for order in store().state.orders.of(shop().domain) if order.customer_id == customer.id]
    return page(
        "account.html",
        say("account"),
        customer=customer,
        orders=[_row(order) for order in theirs[::-1]],
        menu=_menu(),
    )


@blueprint.get("/orders/<int:id>")
def order(id: int) -> ResponseReturnValue:
    """The order's status page, by the number that extensions know it by."""
    found = _theirs(id)
    return redirect(f"/{shop().id}/orders/{found.token}") if found else _log_in_first()


@blueprint.get("/pages/<handle>", defaults={"path": ""})
@blueprint.get("/pages/<handle>/<path:path>")
def extension_page(handle: str, path: str) -> ResponseReturnValue:
    """A page of the account that an extension fills."""
    if buyer() is None:
        return _log_in_first()
    known = surfaces.account(shop(), locale())
    frames = surfaces.frames(shop(), locale(), surfaces.ACCOUNT_PAGE, known, path)
    return _extension_page(frames, handle, None)


@blueprint.get("/orders/<int:id>/pages/<handle>", defaults={"path": ""})
@blueprint.get("/orders/<int:id>/pages/<handle>/<path:path>")
def order_page(id: int, handle: str, path: str) -> ResponseReturnValue:
    """A page about one order that an extension fills."""
    found = _theirs(id)
    if found is None:
        return _log_in_first()
    known = surfaces.order_status(shop(), found, locale(), is_theirs=True)
    frames = surfaces.frames(shop(), locale(), surfaces.ORDER_PAGE, known, path)
    return _extension_page(frames, handle, found)


@blueprint.get("/token")
def token() -> ResponseReturnValue:
    """What sessionToken.get() gives on every page of the storefront: it names the customer who is logged in."""
    if store().state.install(shop().domain) is None:
        abort(404)
    return {"token": store().customer_token(shop().domain, buyer())}, {"Cache-Control": "no-store"}


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    return redirect(_next()) if buyer() else _login()


@blueprint.post("/login")
def send_code() -> str:
    """The same answer whether or not the address is known; only a known one gets a mail."""
    email = request.form.get("email", "").strip()
    session["login"], code = store().logins.begin(shop().domain, email)
    if store().state.customer_by_email(shop().domain, email):
        _mail_code(email, code)
    return _login(email)


@blueprint.post("/login/code")
def check_code() -> ResponseReturnValue:
    logins, key = store().logins, session.get("login", "")
    email = logins.finish(key, shop().domain, request.form.get("code", "").strip())
    customer = store().state.customer_by_email(shop().domain, email) if email else None
    if customer is None:
        again = logins.waiting(key, shop().domain)
        return _login(again.email if again else None, say("code_wrong" if again else "code_old")), 403
    session.pop("login")
    session["customer_id"] = customer.id
    return redirect(_next())


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    session.pop("customer_id", None)
    return redirect("/")


@blueprint.post("/consent")
def consent() -> ResponseReturnValue:
    customer, wanted = buyer(), "news" in request.form
    if customer and wanted != (customer.email_consent.state == "subscribed"):
        deeds.edit_consent(store().state, customer, "subscribed" if wanted else "unsubscribed")
    return redirect("/account")


def _extension_page(frames: list[surfaces.Frame], handle: str, order: Order | None) -> str:
    frame = next((found for found in frames if found.handle == handle), None) or abort(404)
    around = surfaces.around_buyer(shop(), order)
    return page("extension_page.html", frame.name, frame=frame, menu=_menu(), around=around, order=order)


def _menu() -> list[tuple[str, str]]:
    """Name and path of each page that extensions add to the account."""
    known = surfaces.account(shop(), locale())
    frames = surfaces.frames(shop(), locale(), surfaces.ACCOUNT_PAGE, known)
    return [(found.name, f"/account/pages/{found.handle}") for found in frames]


def _theirs(id: int) -> Order | None:
    """The order with this number, when it belongs to who is logged in."""
    found = store().state.orders.get(id)
    return found if found and found.shop == shop().domain and orders.is_theirs(found) else None


def _log_in_first() -> ResponseReturnValue:
    """Who is logged in and still may not see it is told that it is not there."""
    return abort(404) if buyer() else redirect(f"/account/login?{urlencode({'next': request.path})}")


def _login(email: str | None = None, wrong: str | None = None) -> str:
    """Asks for the e-mail address, or for the code that was sent to it."""
    return page("login.html", say("log_in"), email=email, wrong=wrong, next=_next())


def _next() -> str:
    """Where the buyer wanted to go before being asked to log in: a path of this shop, else the account."""
    wanted = request.values.get("next", "")
    return wanted if PATH.fullmatch(wanted) else "/account"


def _row(order: Order) -> tuple[Order, str, str, str]:
    """An order, where it is, what it cost, when it was bought."""
    total = wording.paid_price(totals.of_order(order, shop().currency).total, order, locale())
    return order, orders.order_word(order), total, wording.day(order.created_at, shop().iana_timezone, locale())


def _mail_code(email: str, code: str) -> None:
    """Straight into the mailbox: the store's own mail does not suffer the faults played on the app's."""
    mail = EmailMessage()
    mail["From"] = f"{shop().name} <{shop().email}>"
    mail["To"] = email
    mail["Subject"] = say("code_mail", code=code)
    mail["Content-Language"] = locale()
    mail.set_content(f"{say('code_mail', code=code)}\n\n{say('code_life')}\n")
    store().mailbox.keep(shop().email, [email], mail.as_bytes(), once_per_key=False)
