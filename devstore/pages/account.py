"""Customer accounts: log in with a code that comes by mail, see orders, change consent."""

import re
from email.message import EmailMessage

from flask import Blueprint, redirect, request, session
from flask.typing import ResponseReturnValue

from devstore import deeds, totals
from devstore.context import buyer, store
from devstore.pages import orders, wording
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
    return page("account.html", say("account"), customer=customer, orders=[_row(order) for order in theirs[::-1]])


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
