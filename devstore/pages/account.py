"""Customer accounts: log in with a code that comes by mail, see orders, change consent."""

import hmac
import secrets
from email.message import EmailMessage

from flask import Blueprint, redirect, request, session
from flask.typing import ResponseReturnValue

from devstore import deeds, totals
from devstore.context import store
from devstore.pages import orders, wording
from devstore.pages.theme import buyer, locale, page, say, shop
from devstore.records import Order

blueprint = Blueprint("account", __name__, url_prefix="/account")

TRIES = 5
"""Wrong codes before a new one must be asked for."""


@blueprint.get("")
def home() -> ResponseReturnValue:
    customer = buyer()
    if customer is None:
        return redirect("/account/login")
    theirs = [order for order in store().state.orders.of(shop().domain) if order.customer_id == customer.id]
    return page("account.html", say("account"), customer=customer, orders=[_row(order) for order in theirs[::-1]])


@blueprint.get("/login")
def login() -> str:
    return page("login.html", say("log_in"), email=None, wrong=False)


@blueprint.post("/login")
def send_code() -> str:
    """The same answer whether or not the address is known; only a known one gets a code that opens anything."""
    email = request.form.get("email", "").strip()
    code = f"{secrets.randbelow(10**6):06d}"
    customer = store().state.customer_by_email(shop().domain, email)
    session["login"] = {"email": email, "code": code, "tries": TRIES}
    if customer:
        _mail_code(email, code)
    return page("login.html", say("log_in"), email=email, wrong=False)


@blueprint.post("/login/code")
def check_code() -> ResponseReturnValue:
    asked = session.get("login", {})
    right = hmac.compare_digest(asked.get("code", ""), request.form.get("code", "").strip())
    customer = store().state.customer_by_email(shop().domain, asked.get("email", ""))
    if not right or not customer or asked["tries"] <= 0:
        session["login"] = asked | {"tries": asked.get("tries", 0) - 1}
        return page("login.html", say("log_in"), email=asked.get("email"), wrong=True), 403
    session.pop("login")
    session["customer_id"] = customer.id
    return redirect("/account")


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
    mail.set_content(say("code_mail", code=code))
    store().mailbox.keep(shop().email, [email], mail.as_bytes(), once_per_key=False)
