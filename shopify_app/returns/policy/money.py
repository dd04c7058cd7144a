"""What comes back to the buyer, to the smallest unit, worked out as Shopify does it.

Of a line of `n` units for which `P` was paid, and of which `r` went back before, `k` units are worth
R(P*(r+k)/n) - R(P*r/n), R being to round half up: units that come back one by one are worth as much as all at once.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from shopify_app.money import exponent
from shopify_app.returns.basket import Basket, Piece, Wish
from shopify_app.returns.models import CREDIT, EXCHANGE
from shopify_app.returns.policy import windows
from shopify_app.returns.policy.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One wish."""

    fulfillment_line_id: int
    quantity: int
    outcome: str
    amount: int
    """What was paid for these units; with the tax where the order's prices contain it."""
    tax: int
    """Contained in the amount, or on top of it."""
    with_tax: int
    """The amount, and the tax that stands on top."""
    duties: int
    fee: int
    """For restocking."""
    price: int
    """With an exchange: of what is wanted instead, with tax; else 0."""
    is_kept: bool
    """It need not be sent back."""

    @property
    def difference(self) -> int:
        """With an exchange: what the buyer pays on top; negative: what comes back."""
        return self.price - self.with_tax - self.duties + self.fee if self.outcome == EXCHANGE else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Minor units of `currency`, which is what the buyer paid in."""

    currency: str
    taxes_included: bool
    parts: tuple[Part, ...]
    shipping_fee: int
    """For the way back, once."""
    shipping_back: int
    """What was paid for the delivery and goes back with it."""
    total: int
    """Goes back in all."""
    credit: int
    """Of the total, as store credit; the rest the way it was paid."""
    owed: int
    """By the buyer, where an exchange costs more than what comes back."""

    @property
    def goods(self) -> int:
        """What the buyer had paid for all that is sent back."""
        return sum(part.with_tax for part in self.parts)

    @property
    def fees(self) -> int:
        return self.shipping_fee + sum(part.fee for part in self.parts)

    @property
    def is_kept(self) -> bool:
        """Whether nothing has to be sent back."""
        return bool(self.parts) and all(part.is_kept for part in self.parts)


def preview(
    basket: Basket,
    wishes: Sequence[Wish],
    terms: Terms,
    prices: Mapping[int, int],
    *,
    is_withdrawal: bool = False,
    asked_at: datetime | None = None,
    zone: tzinfo = UTC,
) -> Preview:
    """`prices`: variant → what one unit costs now in the order's currency, taxed as the order's prices are. `zone`: the
    shop's. `asked_at`: None is when the basket was read. A withdrawal pays no fees; who could withdraw,
    none for restocking. Raises LookupError for a piece or price that is not there.
    """
    worths = _worths(basket, wishes)
    is_kept = _kept(terms, basket, wishes, worths)
    lawful = {
        wish.fulfillment_line_id
        for wish, worth in zip(wishes, worths, strict=True)
        if is_withdrawal or windows.is_lawful(terms, basket, worth.piece, asked_at or basket.read_at, zone)
    }
    parts = [
        _part(terms, basket, wish, worth, prices, is_free=kept or wish.fulfillment_line_id in lawful, is_kept=kept)
        for wish, worth, kept in zip(wishes, worths, is_kept, strict=True)
    ]
    sent = (wish for wish, kept in zip(wishes, is_kept, strict=True) if not (kept or is_withdrawal))
    shipping_fee = max((terms.fee(wish.outcome, wish.reason).shipping for wish in sent), default=0)
    shipping_back = basket.shipping - basket.refunded_shipping if is_withdrawal and _is_all(basket, wishes) else 0
    return _summed(basket, parts, in_orders(shipping_fee, basket), max(shipping_back, 0))


def in_orders(amount: int, basket: Basket) -> int:
    """An amount of the shop's currency in the order's, at the order's own rate."""
    return _rounded(Fraction(amount) * _rate(basket))


def in_shops(amount: int, basket: Basket) -> int:
    """An amount of the order's currency in the shop's."""
    return _rounded(Fraction(amount) / _rate(basket))


def share(whole: int, of: int, before: int, units: int) -> int:
    """What `units` of a line of so many are worth, when others went back before."""
    return _rounded(Fraction(whole * (before + units), of)) - _rounded(Fraction(whole * before, of))


def packed(preview: Preview) -> dict[str, Any]:
    return asdict(preview) | {"parts": [asdict(part) for part in preview.parts]}


def unpacked(kept: Mapping[str, Any]) -> Preview:
    return Preview(**{**kept, "parts": tuple(Part(**part) for part in kept["parts"])})


class _Worth(NamedTuple):
    """Of the units of one wish."""

    piece: Piece
    amount: int
    tax: int
    with_tax: int
    duties: int


def _worths(basket: Basket, wishes: Sequence[Wish]) -> Sequence[_Worth]:
    """Of two wishes for the same line the second counts on from the first."""
    worths, gone = [], {piece.line_id: piece.gone for piece in (*basket.pieces, *basket.unsent_pieces)}
    for wish in wishes:
        piece = basket.piece(wish.fulfillment_line_id)
        if piece is None:
            raise LookupError(f"piece {wish.fulfillment_line_id}")
        of, before = piece.line_quantity, gone.setdefault(piece.line_id, piece.gone)
        amount, tax, duties = (
            share(whole, of, before, wish.quantity) for whole in (piece.paid, piece.tax, piece.duties)
        )
        gone[piece.line_id] += wish.quantity
        worths.append(_Worth(piece, amount, tax, amount if basket.taxes_included else amount + tax, duties))
    return worths


def _kept(terms: Terms, basket: Basket, wishes: Sequence[Wish], worths: Sequence[_Worth]) -> Sequence[bool]:
    """Which of it need not come back: what was never sent, and what is worth too little. Of the latter the sum counts,
    or ten small things would be kept where one large is not.
    """
    may = [terms.keeps_any or terms.reason(wish.reason).is_free for wish in wishes]
    value = sum(worth.with_tax for worth, one in zip(worths, may, strict=True) if one)
    is_small = terms.keep_below is not None and in_shops(value, basket) < terms.keep_below
    return [not worth.piece.shipment_id or (one and is_small) for worth, one in zip(worths, may, strict=True)]


def _part(
    terms: Terms, basket: Basket, wish: Wish, worth: _Worth, prices: Mapping[int, int], *, is_free: bool, is_kept: bool
) -> Part:
    percent = Decimal(0) if is_free else terms.fee(wish.outcome, wish.reason).restocking
    return Part(
        fulfillment_line_id=wish.fulfillment_line_id,
        quantity=wish.quantity,
        outcome=wish.outcome,
        amount=worth.amount,
        tax=worth.tax,
        with_tax=worth.with_tax,
        duties=worth.duties,
        fee=_rounded(Fraction(worth.with_tax) * Fraction(percent) / 100),
        price=_price(basket, wish, worth.piece, prices) if wish.outcome == EXCHANGE else 0,
        is_kept=is_kept,
    )


def _price(basket: Basket, wish: Wish, piece: Piece, prices: Mapping[int, int]) -> int:
    """Of what is wanted instead; taxed like what it replaces, where tax stands on top."""
    price = prices[wish.variant_id or 0] * wish.quantity
    return price if basket.taxes_included else price + _rounded(price * Fraction(piece.tax_rate))


def _summed(basket: Basket, parts: Sequence[Part], shipping_fee: int, shipping_back: int) -> Preview:
    """Fees alone never make the buyer pay, but they count where an exchange does; nobody gets back more than what was
    paid.
    """
    goods = sum(part.with_tax + part.duties for part in parts) + shipping_back
    fees = shipping_fee + sum(part.fee for part in parts)
    balance = goods - fees - sum(part.price for part in parts)
    total = min(max(balance, 0), max(basket.paid - basket.refunded, 0))
    is_exchange = any(part.outcome == EXCHANGE for part in parts)
    credited = sum(part.with_tax + part.duties - part.fee for part in parts if part.outcome == CREDIT)
    return Preview(
        currency=basket.currency,
        taxes_included=basket.taxes_included,
        parts=tuple(parts),
        shipping_fee=shipping_fee,
        shipping_back=shipping_back,
        total=total,
        credit=min(total, max(credited, 0)),
        owed=max(-balance, 0) if is_exchange else 0,
    )


def _is_all(basket: Basket, wishes: Sequence[Wish]) -> bool:
    """Whether nothing of the order stays with the buyer, nor is still to come."""
    wished: Counter[int] = Counter()
    for wish in wishes:
        wished[wish.fulfillment_line_id] += wish.quantity
    everything = (*basket.pieces, *basket.unsent_pieces)
    left = sum(wished[piece.fulfillment_line_id] < piece.returnable for piece in everything)
    return not left and sum(piece.quantity for piece in basket.unsent_pieces) >= basket.unsent


def _rate(basket: Basket) -> Fraction:
    """Of smallest units."""
    shop = basket.shop_currency or basket.currency
    return Fraction(basket.rate) * Fraction(10) ** (exponent(basket.currency) - exponent(shop))


def _rounded(value: Fraction) -> int:
    """Half up; nothing here is negative."""
    return floor(value + Fraction(1, 2))
