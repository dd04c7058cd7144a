"""What every person received, as mail programs show it."""

from collections import Counter

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from devstore.context import store
from devstore.smtp import Message

blueprint = Blueprint("mailbox", __name__)

VIEWS = ("html", "text", "headers")
POLICY = (
    "default-src 'none'; img-src * data:; style-src 'unsafe-inline' *; font-src *; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


@blueprint.get("/mailbox")
def show() -> str:
    """?to= one person, ?id= one message, ?view= how it is shown."""
    box = store().mailbox
    everything = box.messages()
    person = request.args.get("to") or None
    messages = box.messages(person)
    chosen = box.get(request.args.get("id", 0, type=int)) or next(iter(messages), None)
    people = Counter(address for message in everything for address in message.rcpt_tos)
    return render_template(
        "mailbox.html",
        running=store(),
        people=sorted(people.items()),
        person=person,
        total=len(everything),
        messages=messages[:100],
        chosen=chosen,
        view=_view(chosen),
        views=VIEWS,
    )


@blueprint.get("/mail")
def mail() -> ResponseReturnValue:
    return redirect(url_for("mailbox.show"))


@blueprint.get("/mailbox/<int:id>.html")
def body(id: int) -> Response:
    """The HTML of one message for the sandboxed frame: no scripts, pictures from anywhere, links in a new tab."""
    message = store().mailbox.get(id)
    if message is None or message.html is None:
        abort(404)
    return Response('<base target="_blank">' + message.html, headers={"Content-Security-Policy": POLICY})


@blueprint.get("/mailbox/newest")
def newest() -> ResponseReturnValue:
    """The page looks here every few seconds and loads again when there is more."""
    return {"count": len(store().mailbox.messages())}


@blueprint.post("/mailbox/empty")
def empty() -> ResponseReturnValue:
    store().mailbox.clear()
    return redirect(url_for("mailbox.show"))


def _view(message: Message | None) -> str:
    wanted = request.args.get("view", "html")
    if wanted not in VIEWS or (wanted == "html" and (message is None or message.html is None)):
        return "text"
    return wanted
