"""What came back: inspected, put on the shelf, paid for, exchanged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from devstore import outcome, presented
from devstore.deeds.orders import updated
from devstore.deeds.returns import Refused
from devstore.money import text
from devstore.outcome import Outcome, Pick, Share
from devstore.records import (
    Disposition,
    ExchangeLine,
    Line,
    Order,
    Refund,
    RefundLine,
    Return,
    ReturnLine,
    ReverseLine,
    ReverseOrder,
)
from devstore.state import Change, State

T = TypeVar("T", ReturnLine, ExchangeLine)


@dataclass(frozen=True)
class Dispose:
    """What becomes of pieces that the warehouse expected. location: where RESTOCKED ones lie now."""

    reverse_line_id: int
    quantity: int
    type: str
    location_id: int | None = None


@dataclass(frozen=True)
class Money:
    """What goes back, in what the buyer paid with: to the card, and as store credit."""

    card: Decimal = Decimal()
    credit: Decimal = Decimal()
    may_exceed: bool = False

    @property
    def whole(self) -> Decimal:
        return self.card + self.credit


@dataclass(frozen=True)
class Processing:
    """One call of returnProcess. lines and exchanges: pieces by the ids of the return's lines. duties: by their ids.

    money None leaves it for later.
    """

    lines: Mapping[int, int] = field(default_factory=dict)
    exchanges: Mapping[int, int] = field(default_factory=dict)
    dispositions: Sequence[Dispose] = ()
    shipping: Decimal = Decimal()
    duties: Mapping[int, Decimal] = field(default_factory=dict)
    money: Money | None = None
    note: str | None = None


def suggest(order: Order, back: Return, given: Processing, currency: str) -> Outcome:
    """What these pieces are worth now. currency: the shop's. Refused for more of them than are left."""
    lines = _some(back.lines, given.lines, "returnLineItems")
    exchanges = _some(back.exchange_lines, given.exchanges, "exchangeLineItems")
    fee = Decimal(back.shipping_fee or 0) if lines and not back.is_fee_taken else Decimal()
    return outcome.work_out(
        order,
        [Pick(line.line_id, pieces, line.restocking) for line, pieces in lines],
        currency,
        swaps=[outcome.swap_of(line, pieces, currency) for line, pieces in exchanges],
        shipping=given.shipping,
        duties=given.duties,
        shipping_fee=fee,
    )


def process_return(state: State, back: Return, given: Processing, *, at: datetime | None = None) -> Return:
    """Confirm pieces, their dispositions, money and exchanges, all or nothing. Refused when any of it cannot be."""
    order = state.orders[back.order_id]
    currency = state.shops[order.shop].currency
    if back.status != "OPEN":
        raise Refused("INVALID_STATE", f"Return is {back.status.casefold()}", "returnId")
    if not given.lines and not given.exchanges and given.money is None:
        raise Refused("BLANK", "There is nothing to process", "returnLineItems")
    found = suggest(order, back, given, currency)
    _check_money(order, given.money)
    _check(state, order, [back], given.dispositions)
    with state.changing(at) as change:
        _dispose(state, change, order, [back], given.dispositions)
        for exchange, pieces in _some(back.exchange_lines, given.exchanges, "exchangeLineItems"):
            _send_out(state, change, order, exchange, pieces)
        _book(state, change, order, back, given, found)
        order.fees = text(Decimal(order.fees) + presented.back(found.fees, order, currency), currency)
        back.is_fee_taken = back.is_fee_taken or bool(given.lines)
        change.tell(order.shop, "returns/process", {})
        updated(change, order)
        return back


def settle_return(state: State, back: Return, *, at: datetime | None = None) -> Return:
    """The merchant's own staff ends a return: all that is left goes back, goes out and is paid as is suggested."""
    order = state.orders[back.order_id]
    lines = {line.id: line.quantity - line.processed for line in back.lines}
    swaps = {line.id: line.quantity - line.processed - line.removed for line in back.exchange_lines}
    rest = Processing({id: n for id, n in lines.items() if n}, {id: n for id, n in swaps.items() if n})
    worth = suggest(order, back, rest, state.shops[order.shop].currency)
    money = Money(card=worth.refund) if worth.refund else None
    return process_return(state, back, replace(rest, money=money), at=at)


def dispose(
    state: State, order: Order, dispositions: Sequence[Dispose], *, at: datetime | None = None
) -> list[ReverseLine]:
    """Say what becomes of pieces, without money. Refused for more than are expected or a shelf that is not named."""
    live = [back for back in order.returns if back.status in ("OPEN", "CLOSED")]
    _check(state, order, live, dispositions)
    with state.changing(at) as change:
        touched = _dispose(state, change, order, live, dispositions)
        updated(change, order)
        return touched


def _some(lines: Sequence[T], wanted: Mapping[int, int], name: str) -> list[tuple[T, int]]:
    """Lines with the pieces that are meant. Refused for unknown lines and for more pieces than are left."""
    by_id = {line.id: line for line in lines}
    for place, (id, pieces) in enumerate(wanted.items()):
        if id not in by_id:
            raise Refused("NOT_FOUND", "Return line item does not exist", name, str(place), "id")
        left = by_id[id].quantity - by_id[id].processed - getattr(by_id[id], "removed", 0)
        if not 0 < pieces <= left:
            raise Refused("INVALID", f"Quantity must be between 1 and {left}", name, str(place), "quantity")
    return [(by_id[id], pieces) for id, pieces in wanted.items()]


def _check_money(order: Order, money: Money | None) -> None:
    if money is None:
        return
    if money.card < 0 or money.credit < 0:
        raise Refused("GREATER_THAN_OR_EQUAL_TO", "Amount must not be negative", "financialTransfer")
    if money.credit and order.customer_id is None:
        raise Refused("INVALID", "Store credit needs an order with a customer", "financialTransfer", "issueRefund")
    if money.whole > presented.left(order) and not money.may_exceed:
        raise Refused(
            "INVALID", "Refund amount exceeds what was paid for the order", "financialTransfer", "issueRefund"
        )


def _check(state: State, order: Order, backs: Sequence[Return], wanted: Sequence[Dispose]) -> None:
    expected = {line.id: line for back in backs for reverse in back.reverse_orders for line in reverse.lines}
    left = {id: line.quantity - sum(one.quantity for one in line.dispositions) for id, line in expected.items()}
    for place, one in enumerate(wanted):
        where = ("dispositionInputs", str(place))
        if one.reverse_line_id not in left:
            raise Refused("NOT_FOUND", "Reverse fulfillment order line item does not exist", *where)
        if not 0 < one.quantity <= left[one.reverse_line_id]:
            raise Refused("INVALID", "Quantity exceeds what is left to dispose", *where, "quantity")
        left[one.reverse_line_id] -= one.quantity
        if one.type == "RESTOCKED" and one.location_id is None:
            raise Refused("BLANK", "Location is required to restock", *where, "locationId")
        if one.location_id not in (None, state.shops[order.shop].location_id):
            raise Refused("NOT_FOUND", "Location does not exist", *where, "locationId")


def _dispose(
    state: State, change: Change, order: Order, backs: Sequence[Return], wanted: Sequence[Dispose]
) -> list[ReverseLine]:
    touched: list[ReverseLine] = []
    for back, reverse in ((each, reverse) for each in backs for reverse in each.reverse_orders):
        made = [(line, one) for line in reverse.lines for one in wanted if one.reverse_line_id == line.id]
        told = [(line, _judge(state, change, line, one)) for line, one in made]
        for line, one in made:
            if one.type == "RESTOCKED":
                bought = order.line(next(each.line_id for each in back.lines if each.id == line.return_line_id))
                _stock(state, change, bought.variant_id, one.quantity)
        if told:
            change.tell(order.shop, "reverse_fulfillment_orders/dispose", (reverse, told))
        touched += {line.id: line for line, _ in made}.values()
        _close_when_done(reverse)
    return touched


def _judge(state: State, change: Change, line: ReverseLine, given: Dispose) -> Disposition:
    made = Disposition(
        id=state.new_id(),
        type=given.type,
        quantity=given.quantity,
        created_at=change.at,
        location_id=given.location_id,
    )
    line.dispositions.append(made)
    return made


def _close_when_done(reverse: ReverseOrder) -> None:
    if all(sum(one.quantity for one in line.dispositions) >= line.quantity for line in reverse.lines):
        reverse.status = "CLOSED"


def _stock(state: State, change: Change, variant_id: int | None, more: int) -> None:
    found = state.variant(variant_id or 0)
    if found is not None:
        product, place = found
        product.variants[place].inventory_quantity += more
        change.touch(product)


def _send_out(state: State, change: Change, order: Order, exchange: ExchangeLine, pieces: int) -> None:
    """The order gets a line of what goes out instead, to be shipped."""
    currency = state.shops[order.shop].currency
    found = state.variant(exchange.variant_id)
    variant = found[0].variants[found[1]] if found else None
    added = Line(
        id=state.new_id(),
        product_id=exchange.product_id,
        variant_id=exchange.variant_id,
        title=exchange.title,
        variant_title=exchange.variant_title,
        quantity=pieces,
        price=exchange.price,
        sku=exchange.sku,
        vendor=found[0].vendor if found else None,
        discount=text(outcome.swap_of(exchange, pieces, currency).discount, currency),
        grams=variant.grams if variant else 0,
        requires_shipping=variant.requires_shipping if variant else True,
        unfulfilled=pieces,
    )
    order.lines.append(added)
    exchange.processed += pieces
    exchange.line_ids.append(added.id)
    _stock(state, change, exchange.variant_id, -pieces)


def _book(state: State, change: Change, order: Order, back: Return, given: Processing, found: Outcome) -> None:
    """The refund of a call: also without money, when only goods are taken back."""
    picked = _some(back.lines, given.lines, "returnLineItems")
    if not picked and given.money is None:
        return
    currency, money = state.shops[order.shop].currency, given.money or Money()
    shelf = _on_the_shelf(back)
    lines = []
    for (line, pieces), share in zip(picked, found.shares, strict=True):
        lines.append(_refunded_line(state, order, share, line.id in shelf))
        line.processed += pieces
        line.refunded += pieces if money.whole else 0
        order.line(line.line_id).removed += pieces
    refund = Refund(
        id=state.new_id(),
        order_id=order.id,
        created_at=change.at,
        amount=_in_shop_money(order, money.whole, currency),
        transaction_id=state.new_id(),
        note=given.note,
        restock=bool(shelf),
        lines=lines,
        shipping=text(presented.back(given.shipping, order, currency), currency),
        return_id=back.id,
        presented=text(money.whole, order.presentment_currency),
        credit=text(money.credit, order.presentment_currency),
        credit_id=state.new_id(),
        duties={str(id): text(amount, order.presentment_currency) for id, amount in given.duties.items()},
    )
    order.refunded = text(Decimal(order.refunded) + Decimal(refund.amount), currency)
    order.refunds.append(refund)
    if order.shipping_lines:
        carriage = order.shipping_lines[0]
        carriage.refunded = text(Decimal(carriage.refunded) + Decimal(refund.shipping), currency)
    change.tell(order.shop, "refunds/create", refund)


def _on_the_shelf(back: Return) -> set[int]:
    """The return's lines of which something is sold again."""
    expected = [line for reverse in back.reverse_orders for line in reverse.lines]
    return {line.return_line_id for line in expected if any(one.type == "RESTOCKED" for one in line.dispositions)}


def _refunded_line(state: State, order: Order, share: Share, is_restocked: bool) -> RefundLine:
    currency, paid_in = state.shops[order.shop].currency, order.presentment_currency
    return RefundLine(
        id=state.new_id(),
        line_id=share.line_id,
        quantity=share.quantity,
        subtotal=text(presented.back(share.amount, order, currency), currency),
        total_tax=text(presented.back(share.tax, order, currency), currency),
        restock_type="return" if is_restocked else "no_restock",
        presented=text(share.amount, paid_in),
        presented_tax=text(share.tax, paid_in),
    )


def _in_shop_money(order: Order, amount: Decimal, currency: str) -> str:
    """What is left goes back without a rest, whatever the rate."""
    rest = Decimal(order.paid) - Decimal(order.refunded)
    if amount == presented.left(order):
        return text(rest, currency)
    return text(presented.back(amount, order, currency), currency)
