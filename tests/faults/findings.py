"""What stands in the database and in the mailboxes when all is over, counted by plain SQL."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, text

from tests.faults.news import Story
from tests.faults.sink import Sink

PAST = "2026-01-01 00:00:00.000000"
DUE = """
SELECT (SELECT count(*) FROM webhooks WHERE done_at IS NULL) + (SELECT count(*) FROM messages WHERE done_at IS NULL)"""
ORDERS = """
SELECT id, updated_at, financial_status, fulfillment_status, total, cancelled_at,
  (SELECT sum(current_quantity) FROM order_lines WHERE order_id = orders.id AND shop_id = orders.shop_id),
  (SELECT count(*) FROM shipments WHERE order_id = orders.id AND shop_id = orders.shop_id)
FROM orders"""


@dataclass
class Findings:
    acknowledged: int
    missing: int
    """Acknowledged and not in the inbox."""
    undone: int
    """Rows of inbox and outbox that are still to do."""
    bad: int
    """Rows whose result is failed or dead."""
    absent: int
    """Orders the mirror lacks."""
    stale: list[str]
    """Orders not in their newest state: what is shown, and what is true."""
    confirmations: int
    """Orders whose buyer is to hear from us."""
    sent: int
    twice: int
    lost: int
    """Neither in the mailbox nor accounted for in the outbox (unknown; skipped because the order is cancelled)."""
    unknown: int
    false_sent: int
    """Called sent, and not in the mailbox."""
    results: Counter[str] = field(default_factory=Counter)
    """How often inbox and outbox say what, with the error where there is one."""

    @property
    def wrongs(self) -> dict[str, int]:
        """What must never be, by name, as far as it was."""
        names = ("missing", "undone", "bad", "absent", "twice", "lost", "false_sent")
        found = {name: getattr(self, name) for name in names if getattr(self, name)}
        return found | ({"stale": len(self.stale)} if self.stale else {})


def hurry(engine: Engine) -> None:
    """Let the next sweep come at once: leases are short here, so sweeps come by more often too."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE chores SET due_at = :past WHERE name = 'sweep'"), {"past": PAST})


def undone(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(DUE)).scalar_one())


def missing(engine: Engine, acknowledged: set[str]) -> int:
    """How many acknowledged webhooks the inbox does not have."""
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT webhook_id FROM webhooks")).scalars().all()
    if len(stored) != len(set(stored)):
        raise AssertionError("a delivery stands twice in the inbox")
    return len(acknowledged - set(stored))


def look(engine: Engine, story: Story, acknowledged: set[str], sink: Sink) -> Findings:
    with engine.connect() as connection:
        webhooks = connection.execute(text("SELECT result, error FROM webhooks")).all()
        orders = {row[0]: _seen(row) for row in connection.execute(text(ORDERS)).all()}
        messages = connection.execute(text("SELECT order_id, result, error FROM messages")).all()
    outbox = {row.order_id: row.result for row in messages}
    delivered = {order: sink.delivered[f"buyer-{order}@example.com"] for order in story.orders}
    excused = {order for order, result in outbox.items() if result in ("unknown", "skipped")}
    return Findings(
        acknowledged=len(acknowledged),
        missing=missing(engine, acknowledged),
        undone=undone(engine),
        bad=sum(row.result in ("failed", "dead") for row in [*webhooks, *messages]),
        absent=len(story.orders.keys() - orders.keys()),
        stale=[
            f"{order} shows {orders[order][1:]}, is {truth[1:]}"
            for order, truth in story.orders.items()
            if order in orders and orders[order] != truth
        ],
        confirmations=len(story.orders),
        sent=sum(delivered.values()),
        twice=sum(count > 1 for count in delivered.values()) + len(messages) - len(outbox),
        lost=sum(not count and order not in excused for order, count in delivered.items()),
        unknown=list(outbox.values()).count("unknown"),
        false_sent=sum(result == "sent" and not delivered.get(order) for order, result in outbox.items()),
        results=Counter(
            [f"webhook {row.result} {row.error or ''}".strip() for row in webhooks]
            + [f"message {row.result} {row.error or ''}".strip() for row in messages]
        ),
    )


def _seen(row: Any) -> tuple[Any, ...]:
    """A row of ORDERS in the form of a Story's truth."""
    _, updated_at, financial, fulfillment, total, cancelled_at, pieces, parcels = row
    return (_moment(updated_at), financial, fulfillment, total, cancelled_at is not None, pieces, parcels)


def _moment(value: datetime | str) -> datetime:
    """SQLite keeps texts, in UTC."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value.astimezone(UTC)
