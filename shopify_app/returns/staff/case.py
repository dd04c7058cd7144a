"""All that one return's page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shopify_app.language import Language
from shopify_app.returns import photos, reading, requests
from shopify_app.returns.execution import payout, steps
from shopify_app.returns.models import (
    APPROVED,
    EXCHANGE,
    FREEING,
    OVER,
    RECEIVED,
    REFUNDED,
    Entry,
    Goodwill,
    Item,
    Photo,
    Request,
    Step,
)
from shopify_app.returns.policy import breakdown, decisions
from shopify_app.returns.policy.money import Preview
from shopify_app.returns.requests import keeping, labelling
from shopify_app.returns.requests.asking import is_changeable
from shopify_app.returns.requests.inspecting import piece
from shopify_app.returns.staff import desk, goodwill, history, sums
from shopify_app.returns.staff.desk import Row
from shopify_app.returns.staff.history import History
from shopify_app.shopify.errors import ShopifyError
from shopify_app.shopify.models import Shop
from shopify_app.work import DEAD

FAILED = ("refused", DEAD)
"""Results of a step that staff has to know of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    row: Row
    decisions: Mapping[int, str]
    """Item's id → why it was allowed or not, as the buyer read it; empty where nobody decided by terms."""
    photos: Mapping[int, Sequence[str]]
    """Item's id → addresses of the buyer's pictures."""
    findings: Mapping[int, Sequence[str]]
    """Item's id → addresses of what staff took of it."""
    amounts: Mapping[int, int | None]
    """Item's id → what was paid for these units; None: not worked out."""
    sums: Sequence[tuple[str, int]]
    """What the buyer was shown, line by line."""
    fees: int
    credit: int
    """Of what comes back, as store credit."""
    owed: int
    """By the buyer, for what is sent instead."""
    history: History | None
    """None: the order was deleted."""
    entries: Sequence[Entry]
    """The log, newest first."""
    failed: Sequence[Step]
    """What could not be done at Shopify."""
    buying: Step | None
    """A label that is being bought."""
    is_refunding: bool
    """The refund is ordered, and not made yet."""
    due: Preview | None
    """What goes out with the next refund, to the cent; None: none is due, or Shopify was not asked or was silent."""
    last_day: date | None
    """Of its label."""
    is_label_expired: bool
    given: Sequence[Goodwill]
    left: tuple[int, int] | None
    """What the person who looks may still give alone: in this return, in these seven days; None: any sum."""

    @property
    def request(self) -> Request:
        return self.row.request

    @property
    def is_swap(self) -> bool:
        """Something is sent in return, and nothing is paid back."""
        return self.request.expected == 0 and any(item.outcome == EXCHANGE for item in self.row.items)

    @property
    def flags(self) -> Sequence[str]:
        """Why to look closely, but for what `failed` tells already."""
        failed = {f"{step.kind}: {step.error}" for step in self.failed}
        told = (*failed, steps.NOT_SENT) if self.to_cancel else failed
        return [flag for flag in self.request.content.get("flags") or () if flag not in told]

    @property
    def difference(self) -> Entry | None:
        """What Shopify suggests in place of what the buyer was told, as long as staff has not decided."""
        is_open = steps.DIFFERS in (self.request.content.get("flags") or ())
        return next((entry for entry in self.entries if entry.word == "differs"), None) if is_open else None

    @property
    def is_all_back(self) -> bool:
        return all(item.received >= item.quantity for item in self.row.items if item.fulfillment_line_id)

    @property
    def kept(self) -> Sequence[int]:
        """Items' ids."""
        return [item.id for item in keeping.kept(self.row.items)]

    @property
    def to_come(self) -> Sequence[Item]:
        """What was sent and may not be kept."""
        return [item for item in self.row.items if item.fulfillment_line_id and item.id not in self.kept]

    @property
    def to_cancel(self) -> Sequence[Item]:
        """Withdrawn from before it was sent, and not refunded yet: staff cancel it in Shopify."""
        if self.request.state in FREEING:
            return []
        items = self.row.items
        return [item for item in items if item.fulfillment_line_id is None and item.received < item.quantity]

    @property
    def is_undecided(self) -> bool:
        return self.row.is_undecided

    @property
    def is_open(self) -> bool:
        return self.request.state not in OVER

    @property
    def can_be_changed(self) -> bool:
        return is_changeable(self.request)

    @property
    def can_be_received(self) -> bool:
        is_out = any(item.received < item.quantity for item in self.to_come)
        return self.request.state in (APPROVED, RECEIVED, REFUNDED) and is_out

    @property
    def is_inspection_due(self) -> bool:
        return self.request.state == RECEIVED and self.row.is_uninspected

    @property
    def is_refund_due(self) -> bool:
        return self.request.state == RECEIVED and not self.is_refunding and not self.row.is_uninspected


def read(shop: Shop, request: Request, user: str, language: Language, *, asks: bool = False) -> Case:
    """`asks`: Shopify may be asked for what it alone knows, the sum that is due."""
    taken = photos.of_request(shop, request.id)
    [row], told, ordered = desk.rows(shop, [request]), sums.shown(request), requests.steps(shop, request.id)
    return Case(
        row=row,
        decisions={item.id: _decision(item, language) for item in row.items},
        photos=_photos(row, [photo for photo in taken if photo.by == photos.BUYER]),
        findings=_photos(row, [photo for photo in taken if photo.by != photos.BUYER]),
        amounts=sums.of_items(request, row.items),
        sums=breakdown.of(told, language) if told else [],
        fees=told.fees if told else 0,
        credit=told.credit if told else 0,
        owed=told.owed if told else 0,
        history=history.of(shop, row.order, request) if row.order else None,
        entries=requests.entries(shop, request.id)[::-1],
        failed=[step for step in ordered if step.result in FAILED and not _is_past(step, request)],
        buying=next((one for one in ordered if one.kind == "buy_label" and one.done_at is None), None),
        is_refunding=any(step.kind == "refund" and step.done_at is None for step in ordered),
        due=_due(shop, row, asks=asks),
        last_day=labelling.last_day(request),
        is_label_expired=labelling.is_expired(shop, request),
        given=goodwill.of_request(shop, request.id),
        left=goodwill.left(shop, user, request.id),
    )


def _is_past(step: Step, request: Request) -> bool:
    """A label that could not be bought, where there is one by now."""
    return step.kind == "buy_label" and not request.needs_label


def _decision(item: Item, language: Language) -> str:
    return decisions.explain(decisions.unpacked(item.decision), language) if item.decision else ""


def _due(shop: Shop, row: Row, *, asks: bool) -> Preview | None:
    """What the buyer was told, where all of it came and was accepted; else worked out as the refund will be, by the
    order as Shopify has it now.
    """
    request, units = row.request, {item.id: item.due for item in row.items}
    if request.state != RECEIVED or row.is_uninspected or not any(units.values()):
        return None
    if (told := sums.asked(request)) and all(item.due == item.quantity for item in row.items):
        return told
    if not asks:
        return None
    try:
        basket = reading.read(shop, request.order_id)
        return payout.expected(shop, request, basket, row.items, units) if basket else None
    except ShopifyError:
        return None


def _photos(row: Row, taken: Sequence[Photo]) -> Mapping[int, Sequence[str]]:
    pieces = {item.id: piece(item) for item in row.items}
    return {
        number: [photos.address(photo) for photo in taken if photo.fulfillment_line_id == piece]
        for number, piece in pieces.items()
    }
