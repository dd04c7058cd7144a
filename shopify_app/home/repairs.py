"""What the app can mend by itself, and a sentence for each of what was done."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from shopify_app import clock
from shopify_app.db import db, transaction
from shopify_app.frame import language
from shopify_app.home import lights, progress
from shopify_app.home.lights import State, asked, rows
from shopify_app.mail.models import Message
from shopify_app.orders import reconcile
from shopify_app.queue import QUEUES, doorbell, ring
from shopify_app.shopify import install
from shopify_app.shopify.errors import ShopifyError
from shopify_app.shopify.models import Shop


class Done(NamedTuple):
    said: str
    is_done: bool = True


def notifications(shop: Shop) -> Done:
    return retry(shop, "webhooks")


def retry(shop: Shop, table: str) -> Done:
    """All of a kind that was given up."""
    return _tried_again(rows.retry_all(shop, table))


def work(shop: Shop) -> Done:
    return _tried_again(sum(rows.retry_all(shop, table) for table in rows.kinds()))


def _tried_again(count: int) -> Done:
    t, n = language().t, language().n
    if not count:
        return Done(t("There is nothing to try again."), is_done=False)
    return Done(n("{count} is being tried again.", "{count} are being tried again.", count))


def rounds(shop: Shop) -> Done:
    reconcile.look_now(shop)
    return Done(language().t("What changed in the last two days is being read."))


def import_(shop: Shop) -> Done:
    t = language().t
    if not progress.start_again(shop):
        return Done(t("There is nothing to start again."), is_done=False)
    return Done(t("The orders are being read again."))


def token(shop: Shop) -> Done:
    t = language().t
    try:
        install.renew(shop)
    except ShopifyError:
        return Done(t("Shopify does not answer. Please try again in a minute."), is_done=False)
    return Done(t("The access is renewed."))


def shopify(shop: Shop) -> Done:
    t = language().t
    try:
        asked.ask(shop)
    except ShopifyError:
        return Done(t("Shopify does not answer. Please try again in a minute."), is_done=False)
    return Done(t("Shopify has answered."))


def mails(shop: Shop) -> Done:
    """Those that wait for their next try have it now."""
    waits = (Message.shop_id == shop.id, Message.done_at.is_(None), Message.tries > 0, Message.owner.is_(None))
    with transaction():
        tried = db.session.execute(db.update(Message).where(*waits).values(due_at=clock.now()))
        ring("mail")
    return _tried_again(int(tried.rowcount))  # type: ignore[attr-defined]


def bells(_shop: Shop) -> Done:
    t = language().t
    rung = [doorbell().ring_now(name) for name in QUEUES]
    if all(rung):
        return Done(t("The workers were called."))
    return Done(t("The workers cannot be called from here."), is_done=False)


REPAIRS: Mapping[str, Callable[[Shop], Done]] = {
    "notifications": notifications,
    "work": work,
    "rounds": rounds,
    "import": import_,
    "token": token,
    "shopify": shopify,
    "mails": mails,
    "bells": bells,
}
"""What the buttons of the lights do."""


def everything(shop: Shop) -> Done:
    """Whatever the lights that are not green have a repair for, each once."""
    ill = [one.deed for one in lights.lit(shop) if one.state is not State.GREEN and one.deed]
    done = [REPAIRS[name](shop) for name in dict.fromkeys(deed.repair for deed in ill if deed.repair)]
    if not done:
        return Done(language().t("There is nothing that Aftercare could repair by itself."), is_done=False)
    return Done(" ".join(one.said for one in done), any(one.is_done for one in done))
