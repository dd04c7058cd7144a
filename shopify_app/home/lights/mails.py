"""Are messages taken, and do they reach anybody? Known by what became of the messages: nobody is called up for it."""

from datetime import timedelta

from sqlalchemy import func, select

from shopify_app import clock
from shopify_app.db import db
from shopify_app.frame import language, link, minute
from shopify_app.home.lights.light import Deed, Light, amber, green, red
from shopify_app.mail.models import Message, Refusal
from shopify_app.shopify.models import Shop

SPAN = timedelta(days=30)
ENOUGH = 5
"""Fewer than that say nothing: one wrong address in ten messages is no trend."""
BOUNCES = (0.02, 0.05)
"""Share of messages that came back: from the first on it harms the sender's name, from the second on providers look
closer or stop taking mail (Amazon SES puts an account under review at 5 %)."""
COMPLAINTS = (0.001, 0.003)
"""The same of messages that were marked as unwanted (Gmail asks to stay below 0.1 %, and never to reach 0.3 %)."""


def server(shop: Shop) -> Light:
    """Whether the mail server takes what it is given."""
    t, n = language().t, language().n
    name = t("Mail server")
    mine = Message.shop_id == shop.id
    stuck = (mine, Message.done_at.is_(None), Message.tries > 0)
    waiting = db.session.scalar(select(func.count()).select_from(Message).where(*stuck)) or 0
    newest = select(Message.done_at).where(mine, Message.sending_at.is_not(None), Message.result == "sent")
    last = db.session.scalar(newest.order_by(Message.sending_at.desc()).limit(1))
    if waiting:
        said = n(
            "It did not take {count} message; it is tried again by itself.",
            "It did not take {count} messages; they are tried again by themselves.",
            waiting,
        )
        return red(name, said, Deed(t("Try now"), repair="mails"))
    if last is None:
        return green(name, t("Nothing has been sent yet."), Deed(t("Send tests"), href=link("/messages/drive")))
    return green(name, t("It took the newest message: {moment}", moment=minute(last)))


def bounces(shop: Shop) -> Light:
    return _share(shop, language().t("Messages that came back"), "bounced", BOUNCES)


def complaints(shop: Shop) -> Light:
    return _share(shop, language().t("Messages marked as unwanted"), "complained", COMPLAINTS)


def _share(shop: Shop, name: str, reason: str, limits: tuple[float, float]) -> Light:
    """Of those sent in these days. A person counts once, however many messages came back."""
    t = language().t
    since = clock.now() - SPAN
    back = select(func.count(Refusal.mark.distinct())).where(
        Refusal.shop_id == shop.id, Refusal.reason == reason, Refusal.refused_at > since
    )
    sent = (
        select(func.count())
        .select_from(Message)
        .where(Message.shop_id == shop.id, Message.sending_at > since, Message.result == "sent")
    )
    count, of = db.session.scalar(back) or 0, db.session.scalar(sent) or 0
    share = count / of if of else 0.0
    said = t("{count} of {of} in {days} days.", count=count, of=language().number(of), days=SPAN.days)
    if count < ENOUGH or share < limits[0]:
        return green(name, said)
    careful = t("Write only to those who want it, or mail providers will stop taking your messages.")
    deed = Deed(t("See whom"), href=link("/messages/refusals"))
    return (red if share >= limits[1] else amber)(name, f"{said} {careful}", deed)
