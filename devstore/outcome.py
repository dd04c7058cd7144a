"""What units that come back are worth: the sums of `suggestedFinancialOutcome` and of `returnCalculate`.

All amounts are in what the buyer paid with. Units of one line share its sum so that it makes no difference whether they
come back one by one or together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from devstore import presented, totals
from devstore.money import rounded
from devstore.records import ExchangeLine, Line, Order


@dataclass(frozen=True)
class Pick:
    """Units of a line that come back. restocking: percent of what they cost, None without a fee."""

    line_id: int
    quantity: int
    restocking: float | None = None


@dataclass(frozen=True)
class Swap:
    """Units that go out instead. `price` of one and `discount` on all of them, in shop money."""

    quantity: int
    price: str
    discount: str = "0"


@dataclass(frozen=True)
class Share:
    """What some units are worth. `fee` is the restocking fee."""

    line_id: int
    quantity: int
    amount: Decimal
    tax: Decimal
    fee: Decimal


@dataclass(frozen=True)
class Outcome:
    """`total` goes to the buyer, or is owed by them when below zero."""

    shares: Sequence[Share]
    swaps: Sequence[Share]
    shipping: Decimal
    shipping_tax: Decimal
    duties: Mapping[int, Decimal]
    shipping_fee: Decimal
    total: Decimal
    maximum: Decimal
    taxes_included: bool = True
    cart_discount: Decimal = field(default=Decimal())

    @property
    def subtotal(self) -> Decimal:
        return sum((share.amount for share in self.shares), Decimal())

    @property
    def tax(self) -> Decimal:
        return sum((share.tax for share in self.shares), Decimal()) + self.shipping_tax

    @property
    def fees(self) -> Decimal:
        return sum((share.fee for share in self.shares), self.shipping_fee)

    @property
    def refund(self) -> Decimal:
        return min(max(self.total, Decimal()), max(self.maximum, Decimal()))

    @property
    def owed(self) -> Decimal:
        """Only for an exchange: fees alone never make the buyer pay."""
        return max(-self.total, Decimal()) if self.swaps else Decimal()


def work_out(
    order: Order,
    picks: Sequence[Pick],
    currency: str,
    *,
    swaps: Sequence[Swap] = (),
    shipping: Decimal = Decimal(),
    duties: Mapping[int, Decimal] | None = None,
    shipping_fee: Decimal = Decimal(),
) -> Outcome:
    """currency: the shop's. shipping, duties and shipping_fee in the buyer's money."""
    shares, gone = [], {line.id: line.removed for line in order.lines}
    for pick in picks:
        shares.append(_share(order, pick, gone[pick.line_id], currency))
        gone[pick.line_id] += pick.quantity
    instead = [_swap(order, swap) for swap in swaps]
    tax = presented.delivery_tax(order, shipping, currency)
    goods = sum((_whole(share, order) - share.fee for share in shares), Decimal())
    out = sum((_whole(share, order) for share in instead), Decimal())
    carriage = shipping if order.taxes_included else shipping + tax
    extra = sum((duties or {}).values(), Decimal())
    return Outcome(
        shares=shares,
        swaps=instead,
        shipping=shipping,
        shipping_tax=tax,
        duties=duties or {},
        shipping_fee=shipping_fee,
        total=goods + carriage + extra - shipping_fee - out,
        maximum=presented.left(order),
        taxes_included=order.taxes_included,
        cart_discount=sum((_discount(order, pick) for pick in picks), Decimal()),
    )


def shared(whole: Decimal, units: int, gone: int, now: int, currency: str) -> Decimal:
    """What `now` of the units give when `gone` of them came back before."""
    if not units:
        return Decimal()
    return rounded(whole * (gone + now) / units, currency) - rounded(whole * gone / units, currency)


def duty_share(order: Order, line: Line, pieces: int) -> Decimal:
    """What the border's part of these pieces is."""
    whole = presented.into(line.duty, order)
    return shared(whole, line.quantity, line.removed, pieces, order.presentment_currency)


def swap_of(exchange: ExchangeLine, pieces: int, currency: str) -> Swap:
    """So many of an exchange's pieces, with their share of its discount."""
    discount = shared(Decimal(exchange.discount), exchange.quantity, exchange.processed, pieces, currency)
    return Swap(pieces, exchange.price, str(discount))


def _share(order: Order, pick: Pick, gone: int, currency: str) -> Share:
    line, paid_in = order.line(pick.line_id), order.presentment_currency
    amount = shared(presented.line_paid(line, order), line.quantity, gone, pick.quantity, paid_in)
    tax = shared(presented.line_tax(line, order, currency), line.quantity, gone, pick.quantity, paid_in)
    whole = amount if order.taxes_included else amount + tax
    fee = rounded(whole * Decimal(str(pick.restocking or 0)) / 100, paid_in)
    return Share(pick.line_id, pick.quantity, amount, tax, fee)


def _swap(order: Order, swap: Swap) -> Share:
    """A unit has a price in the buyer's money, as the shop shows it there; so many units cost so many times that."""
    amount = presented.into(swap.price, order) * swap.quantity - presented.into(swap.discount, order)
    tax = totals.tax_of(amount, order.tax_rate, order.taxes_included, order.presentment_currency)
    return Share(0, swap.quantity, amount, tax, Decimal())


def _whole(share: Share, order: Order) -> Decimal:
    return share.amount if order.taxes_included else share.amount + share.tax


def _discount(order: Order, pick: Pick) -> Decimal:
    line = order.line(pick.line_id)
    return shared(
        presented.into(line.discount, order), line.quantity, line.removed, pick.quantity, order.presentment_currency
    )
