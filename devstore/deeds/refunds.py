"""Money back."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from devstore import totals
from devstore.deeds.orders import updated
from devstore.money import text
from devstore.records import Order, Refund, RefundLine
from devstore.state import State


def refund(
    state: State,
    order: Order,
    lines: Sequence[tuple[int, int]] = (),
    *,
    shipping: str = "0",
    amount: str | None = None,
    note: str | None = None,
    restock: bool = False,
    return_id: int | None = None,
    at: datetime | None = None,
) -> Refund:
    """lines: (line id, pieces). amount in shop money, None = what lines and shipping cost, never more than was paid.

    ValueError for more pieces than the order still has.
    """
    with state.changing(at) as change:
        currency = state.shops[order.shop].currency
        back = [_line(state, order, id, pieces, restock, currency) for id, pieces in lines]
        left = Decimal(order.paid) - Decimal(order.refunded)
        cost = _cost(order, back, Decimal(shipping), currency) if amount is None else Decimal(amount)
        given = Refund(
            id=state.new_id(),
            order_id=order.id,
            created_at=change.at,
            amount=text(min(cost, left), currency),
            transaction_id=state.new_id(),
            note=note,
            restock=restock,
            lines=back,
            shipping=text(shipping, currency),
            return_id=return_id,
        )
        _take_back(order, given, currency)
        _mark(order, given)
        change.tell(order.shop, "refunds/create", given)
        updated(change, order)
        return given


def _line(state: State, order: Order, id: int, pieces: int, restock: bool, currency: str) -> RefundLine:
    line = order.line(id)
    if not 0 < pieces <= line.quantity - line.removed:
        raise ValueError(f"{order.name} has not {pieces} of {line.name} left to refund")
    subtotal = totals.line_total(line, pieces, currency)
    tax = totals.tax_of(subtotal, order.tax_rate, order.taxes_included, currency)
    kind = ("cancel" if line.unfulfilled >= pieces else "return") if restock else "no_restock"
    return RefundLine(
        id=state.new_id(),
        line_id=id,
        quantity=pieces,
        subtotal=text(subtotal, currency),
        total_tax=text(tax, currency),
        restock_type=kind,
    )


def _cost(order: Order, lines: list[RefundLine], shipping: Decimal, currency: str) -> Decimal:
    cost = sum((Decimal(line.subtotal) for line in lines), Decimal()) + shipping
    if order.taxes_included:
        return cost
    return cost + totals.tax_of(cost, order.tax_rate, False, currency)


def _mark(order: Order, given: Refund) -> None:
    """The return that this is for is processed as far."""
    wanted = {back.line_id: back.quantity for back in given.lines}
    for line in (line for back in order.returns if back.id == given.return_id for line in back.lines):
        pieces = min(wanted.get(line.line_id, 0), line.quantity - line.processed)
        line.processed += pieces
        line.refunded += pieces
        wanted[line.line_id] = wanted.get(line.line_id, 0) - pieces


def _take_back(order: Order, given: Refund, currency: str) -> None:
    for back in given.lines:
        line = order.line(back.line_id)
        line.removed += back.quantity
        line.unfulfilled -= back.quantity if back.restock_type == "cancel" else 0
        line.unfulfilled = min(line.unfulfilled, line.quantity - line.removed)
    if order.shipping_lines:
        carriage = order.shipping_lines[0]
        carriage.refunded = text(Decimal(carriage.refunded) + Decimal(given.shipping), currency)
    order.refunded = text(Decimal(order.refunded) + Decimal(given.amount), currency)
    order.refunds.append(given)
