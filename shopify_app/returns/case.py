"""All that one return's page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shopify_app.language import Language
from shopify_app.returns import desk, goodwill, history, photos, requests
from shopify_app.returns.desk import Row
from shopify_app.returns.history import History
from shopify_app.returns.models import APPROVED, ASKED, OVER, RECEIVED, REFUNDED, WAITING, Entry, Goodwill, Request, Step
from shopify_app.shopify.models import Shop


@dataclass(frozen=True, slots=True)
class Case:
    row: Row
    decisions: Mapping[int, str]
    """Item's id → why it was allowed or not, as the buyer read it; missing where nobody decided by terms."""
    photos: Mapping[int, Sequence[str]]
    """Line of a fulfillment → addresses of its pictures."""
    history: History | None
    """None: the order was deleted."""
    entries: Sequence[Entry]
    """The log, newest first."""
    failed: Sequence[Step]
    """What could not be done at Shopify."""
    given: Sequence[Goodwill]
    left: tuple[int, int]
    """What the person who looks may still give alone: in this return, in these seven days; minor units."""

    @property
    def request(self) -> Request:
        return self.row.request

    @property
    def is_undecided(self) -> bool:
        return self.row.is_undecided

    @property
    def is_open(self) -> bool:
        return self.request.state not in OVER

    @property
    def can_be_changed(self) -> bool:
        return self.request.state in (ASKED, WAITING, APPROVED)

    @property
    def can_be_received(self) -> bool:
        came = all(item.received >= item.quantity for item in self.row.items)
        return self.request.state in (APPROVED, RECEIVED, REFUNDED) and not came

    @property
    def is_refund_due(self) -> bool:
        return self.request.state == RECEIVED
