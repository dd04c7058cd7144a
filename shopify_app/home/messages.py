"""What became of every message to buyers, and why: all of them, and those to one person."""

from collections.abc import Sequence, Set

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue

from shopify_app import roles, work
from shopify_app.db import db, transaction
from shopify_app.frame import language, link, offer, say, show
from shopify_app.home import persons
from shopify_app.home.persons import Somebody
from shopify_app.mail import coming, figures, journal, outbox
from shopify_app.mail.journal import Filter
from shopify_app.mail.models import Message, Purpose
from shopify_app.orders import read
from shopify_app.shopify import guards

messages = Blueprint("messages", __name__, url_prefix="/messages")
messages.before_request(guards.merchant)


@messages.get("")
def page() -> ResponseReturnValue:
    which = Filter(*(request.args.get(name, "")[:64] for name in ("purpose", "outcome", "reason", "days")))
    below = outbox.get(g.shop, request.args.get("older", 0, type=int))
    found = journal.listed(g.shop, which, below)
    shown, troubled = found[: journal.PAGE], outbox.troubled(g.shop)
    older = link("/messages", older=shown[-1].id, **which.query) if len(found) > len(shown) else None
    return show(
        "home/messages.html",
        troubled=() if which.query or below else troubled,
        recent=shown,
        which=which,
        purposes=list(Purpose),
        outcomes=list(journal.OUTCOMES),
        reasons=sorted(journal.reasons(g.shop)),
        older=older,
        first=link("/messages", **which.query) if below else None,
        **_about([*troubled, *shown]),
    )


@messages.get("/figures")
def counted() -> ResponseReturnValue:
    return show(
        "home/figures.html",
        days=figures.DAYS,
        tiles=figures.tiles(g.shop),
        sent=figures.sent(g.shop),
        skipped=figures.skipped(g.shop),
        others=figures.OTHERS,
    )


@messages.post("/search")
def search() -> ResponseReturnValue:
    """A POST, since an e-mail address belongs into no URL."""
    typed = request.form.get("q", "").strip()
    if "@" not in typed:
        return show("home/messages_found.html", somebody=None, which=Filter(), **_about([]))
    return show("home/messages_found.html", **_person(persons.of_email(g.shop, typed)))


@messages.get("/<int:message_id>/person")
def person(message_id: int) -> ResponseReturnValue:
    """All that was decided for whoever this message is for."""
    somebody = _of(message_id)
    return show("home/person.html", message_id=message_id, **_person(somebody))


@messages.get("/<int:message_id>/person/file")
def file(message_id: int) -> ResponseReturnValue:
    roles.check(g.shop, roles.DATA)
    somebody = _of(message_id)
    refused = [
        {"topic": one.topic, "reason": one.reason, "since": one.refused_at.isoformat()} for one in somebody.refusals
    ]
    told = {
        "messages": [journal.told(one) for one in somebody.messages],
        "to come": [coming.told(one) for one in somebody.plans],
        "not to be written to": refused,
        "written to again": [
            {"topic": one.topic, "reason": one.reason, "at": one.lifted_at.isoformat(), "by": one.lifted_by}
            for one in somebody.lifted
        ],
    }
    return offer(f"messages-{message_id}.json", told)


@messages.post("/<int:message_id>/sending")
def send_again(message_id: int) -> ResponseReturnValue:
    """Only what did not surely go out; looked at under a lock, so that two clicks are one message."""
    message = outbox.get(g.shop, message_id) or abort(404)
    with transaction():
        db.session.refresh(message, with_for_update=True)
        if message.result not in ("failed", "unknown", work.DEAD):
            return say(language().t("This message is not waiting for you any more."), status=409)
        outbox.send_again(message)
    return say(language().t("It goes out in a moment."))


def _of(message_id: int) -> Somebody:
    return persons.of_message(g.shop, outbox.get(g.shop, message_id) or abort(404))


def _person(somebody: Somebody) -> dict[str, object]:
    planned = {plan.order_id for plan in somebody.plans if plan.order_id}
    told = {"somebody": somebody, "which": Filter(), "ahead": coming.SPAN.days}
    return told | _about(somebody.messages, planned)


def _about(shown: Sequence[Message], planned: Set[int] = frozenset()) -> dict[str, object]:
    order_ids = {message.order_id for message in shown if message.order_id} | planned
    return {"names": read.names(g.shop, order_ids), "people": persons.names(g.shop, shown)}
