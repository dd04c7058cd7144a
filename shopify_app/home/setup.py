"""The guide from the install to the first automation: what is done, what is next, one screen for each step."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, g
from flask.typing import ResponseReturnValue

from shopify_app import milestones
from shopify_app.frame import language, say, show
from shopify_app.home import steps
from shopify_app.home.drive import stages
from shopify_app.mail.models import Message
from shopify_app.shopify import guards

setup = Blueprint("setup", __name__, url_prefix="/setup")
setup.before_request(guards.merchant)

EDITORS = {
    "theme": "shopify://admin/themes/current/editor?template=index&addAppBlockId={key}/tracking-link"
    "&target=sectionGroup:footer",
    "order": "shopify://admin/settings/checkout/editor?page=thank-you&context=apps&app={key}",
    "account": "shopify://admin/settings/checkout/editor?page=order-status&context=apps&app={key}",
}
"""Where Shopify lets a merchant place our blocks; the theme's comes with the block in its hands."""


@setup.get("")
def page() -> ResponseReturnValue:
    return show("home/setup.html", guide=steps.of(g.shop))


@setup.get("/<name>")
def step(name: str) -> ResponseReturnValue:
    standing = next((one for one in steps.of(g.shop).steps if one.name == name), None) or abort(404)
    return show("home/step.html", standing=standing, editor=_editor(name), **_known(name))


@setup.post("/<any(sender, terms):name>/done")
def confirm(name: str) -> ResponseReturnValue:
    if name == "sender" and not _is_sent():
        return say(language().t("Please have the messages sent first."), status=409)
    milestones.reach(g.shop, steps.mark(name), g.user)
    return say(language().t("Saved"))


@setup.post("/<name>/later")
def put_off(name: str) -> ResponseReturnValue:
    milestones.reach(g.shop, steps.put_off(_step(name)), g.user)
    return say(language().t("Put off. You find it in the guide."))


@setup.post("/<name>/again")
def take_up(name: str) -> ResponseReturnValue:
    milestones.take_back(g.shop, steps.put_off(_step(name)))
    return say(language().t("It is back among what is to be done."))


@setup.post("/away")
def put_away() -> ResponseReturnValue:
    milestones.reach(g.shop, steps.AWAY, g.user)
    return say(language().t("The guide is put away. A link at the end of the start page leads back to it."))


@setup.post("/back")
def bring_back() -> ResponseReturnValue:
    milestones.take_back(g.shop, steps.AWAY)
    return say(language().t("The guide is back on the start page."))


def _step(name: str) -> str:
    return name if name in steps.STEPS else abort(404)


def _editor(name: str) -> str | None:
    return EDITORS[name].format(key=guards.config().api_key) if name in EDITORS else None


def _known(name: str) -> dict[str, Any]:
    """What the page of a step shows beside its state."""
    if name == "sender":
        return {"messages": _messages(), "is_sent": _is_sent(), "sender": guards.config().mail_from}
    return {"seen_at": _seen_at(name), "look_up": g.shop.storefront + g.shop.proxy_path}


def _seen_at(name: str) -> datetime | None:
    """When something of ours was last seen at work, where such a thing belongs to the step."""
    return steps.last_search(g.shop) if name == "theme" else milestones.of(g.shop).get(f"extension/{name}")


def _messages() -> list[Message]:
    """Of the newest test drive, as far as they are through."""
    return [one.message for one in stages(g.shop) if one.message and one.message.done_at]


def _is_sent() -> bool:
    return any(message.result == "sent" for message in _messages())
