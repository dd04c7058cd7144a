"""What may be changed of an order at this moment, and who decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shopify_app.changes.models import ADDRESS, CANCEL, DONE, KINDS, TOO_LATE
from shopify_app.orders.models import Order
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop

SWITCH = "changes"
"""Key of the shop's setting: {kind: {"how": one of HOW, "minutes": number}}. What is missing is as USUAL."""
OFF, STAFF, AT_ONCE = "off", "staff", "at once"
HOW = (OFF, STAFF, AT_ONCE)
LONGEST_MINUTES = 7 * 24 * 60
SENT = ("partial", "fulfilled")


@dataclass(frozen=True, slots=True)
class Rule:
    how: str = STAFF
    minutes: int = 60
    """With AT_ONCE: how long after the order nobody is asked."""

    def decides(self, order: Order, now: datetime) -> bool:
        """Whether it confirms by itself; what comes later waits for staff."""
        return self.how == AT_ONCE and now - order.placed_at <= timedelta(minutes=self.minutes)


USUAL = Rule()


def of(shop: Shop, kind: str) -> Rule:
    return Rule(**shop.settings.get(SWITCH, {}).get(kind, {}))


class Unclear(Exception):
    """`field` of the settings is none of what there is to choose."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def chosen(form: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The setting that a merchant's form means. Raises Unclear."""
    return {kind: {"how": _how(kind, form), "minutes": _minutes(f"{kind}_minutes", form)} for kind in KINDS}


def _how(field: str, form: Mapping[str, str]) -> str:
    how = form.get(field, "")
    if how not in HOW:
        raise Unclear(field)
    return how


def _minutes(field: str, form: Mapping[str, str]) -> int:
    text = form.get(field, "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= LONGEST_MINUTES):
        raise Unclear(field)
    return int(text)


def obstacle(shop: Shop, whole: Whole, kind: str) -> str | None:
    """Why a buyer may not ask for it now: off, cancelled, sent, nowhere (nothing is delivered); None when they may."""
    if of(shop, kind).how == OFF:
        return "off"
    if whole.order.cancelled_at is not None:
        return "cancelled"
    if is_sent(whole):
        return "sent"
    return "nowhere" if kind == ADDRESS and not whole.order.person["address"] else None


def is_sent(whole: Whole) -> bool:
    """All of it, or a part."""
    return bool(whole.shipments) or whole.order.fulfillment_status in SENT


def ending(kind: str, *, is_cancelled: bool, is_sent: bool) -> str | None:
    """What an order in this state makes of a request, whoever has decided; None: it can still be done."""
    if is_cancelled:
        return DONE if kind == CANCEL else TOO_LATE
    return TOO_LATE if is_sent else None
