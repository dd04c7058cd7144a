"""What happened to an order, as far as we had a part in it."""

from dataclasses import dataclass
from datetime import datetime

from shopify_app import changes
from shopify_app.changes.models import Change
from shopify_app.mail import outbox
from shopify_app.mail.models import Message
from shopify_app.orders.models import Refund
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop
from shopify_app.webhooks import inbox
from shopify_app.webhooks.models import Webhook


@dataclass(frozen=True, slots=True)
class Entry:
    at: datetime
    kind: str
    """news (from Shopify), message, refund, change (that the buyer asked for): which of them `thing` is."""
    thing: Webhook | Message | Refund | Change


def of(shop: Shop, whole: Whole) -> list[Entry]:
    """Newest first. News stand at the moment Shopify sent them, messages at the moment they were decided on."""
    entries = [
        *(Entry(news.triggered_at, "news", news) for news in inbox.about_order(shop, whole.order.id)),
        *(Entry(message.created_at, "message", message) for message in outbox.about_order(shop, whole.order.id)),
        *(Entry(refund.created_at, "refund", refund) for refund in whole.refunds),
        *(Entry(change.asked_at, "change", change) for change in changes.about_order(shop, whole.order.id)),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)
