"""The test drive: every message that the shop sends, about an order that is made up, to the shop's own mailbox alone.

Nothing of it is an order, a buyer or a cart in any table: its rows are messages that are marked as tests. So each goes
out once, whatever happens to the worker, by the same outbox as all others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, g
from flask.typing import ResponseReturnValue

from shopify_app import clock, settings, storefront
from shopify_app.db import db, transaction
from shopify_app.frame import language, say, show
from shopify_app.home.wording import by_job
from shopify_app.mail import farewell, outbox, samples, wording
from shopify_app.mail.models import Message, Purpose
from shopify_app.mail.outbox import Mail, Skip
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop

drive = Blueprint("drive", __name__, url_prefix="/messages/drive")
drive.before_request(guards.merchant)

sample = Blueprint("sample", __name__, url_prefix="/proxy")
sample.before_request(guards.storefront)
sample.after_request(storefront.keep_private)

TEMPLATE = "home/drive"
SETTING = "drive"
"""Key of the shop's setting: of the newest drive when it began, and the names of its stages."""


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    message: Message | None

    @property
    def is_over(self) -> bool:
        return self.message is None or self.message.done_at is not None


@drive.get("")
def page() -> ResponseReturnValue:
    newest = stages(g.shop)
    told = _told(newest)
    return show("home/drive.html", stages=newest, names=_names(g.shop), **told)


@drive.get("/progress")
def progress() -> ResponseReturnValue:
    return _told(stages(g.shop))


@drive.post("")
def start() -> ResponseReturnValue:
    """Under a lock, so that two clicks are one drive."""
    if not g.shop.email:
        return say(language().t("Your shop has no e-mail address."), status=409)
    with transaction():
        db.session.refresh(g.shop, with_for_update=True)
        if is_new := not _is_running(stages(g.shop)):
            _begin(g.shop, f"{clock.now():%Y%m%d%H%M%S}")
    if not is_new:
        return say(language().t("A test drive is on its way already."), status=409)
    return say(language().t("The test drive has begun. Its messages go to {address}.", address=g.shop.email))


@outbox.renders(TEMPLATE, Purpose.TEST)
def stage(shop: Shop, message: Message) -> Mail | Skip:
    """As its key names it. What is marketing shows its way out, which leads nowhere here."""
    name = message.key.split("/", 2)[2]
    if not shop.email:
        return Skip("no_shop_address")
    template = wording.known().get(name)
    mail = template.show(shop, None, shop.voice(), None) if template else None
    if template is None or mail is None:
        return Skip("switched_off")
    if outbox.purpose(template.row) is Purpose.MARKETING:
        mail = farewell.with_link(shop, replace(mail, to=shop.email))
    return samples.for_the_shop(shop, mail, shop.email)


@sample.get("/sample")
@sample.get("/sample/<path:_>")
def sample_page(_: str = "") -> Response:
    """Where all links of a test lead. There is nothing to be done here."""
    return storefront.show("home/sample.html", storefront.reader())


def _begin(shop: Shop, stamp: str) -> None:
    """In a transaction."""
    names = _names(shop)
    settings.note(shop, SETTING, {"at": stamp, "stages": names})
    for name in names:
        outbox.write(shop, TEMPLATE, _key(stamp, name))


def _names(shop: Shop) -> list[str]:
    """What this shop sends or would, once it is switched on."""
    known = wording.known()
    return [name for names in by_job().values() for name in names if known[name].is_sent(shop)]


def stages(shop: Shop) -> Sequence[Stage]:
    """Of the newest drive."""
    kept: dict[str, Any] = shop.settings.get(SETTING) or {"at": "", "stages": []}
    return [Stage(name, outbox.keyed(shop, _key(kept["at"], name))) for name in kept["stages"]]


def _is_running(newest: Sequence[Stage]) -> bool:
    return not all(one.is_over for one in newest)


def _key(stamp: str, name: str) -> str:
    return f"drive/{stamp}/{name}"


def _told(newest: Sequence[Stage]) -> dict[str, Any]:
    """As static/admin.js reads it."""
    over, total = sum(one.is_over for one in newest), len(newest)
    sentence = language().t("{count} of {total} messages are through.", count=over, total=total)
    return {
        "state": "reading",
        "is_running": _is_running(newest),
        "sentence": sentence,
        "count": over,
        "total": total,
    }
