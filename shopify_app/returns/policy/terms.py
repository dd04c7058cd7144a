"""What a shop has decided about returns: the content of one version of its policy. Values only.

Amounts are minor units of the shop's own currency.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from shopify_app.returns.models import OUTCOMES

STARTS = ("purchase", "fulfilment", "delivery")
"""What a window counts from."""
SUBJECTS = ("country", "collection", "product_tag", "product_type", "discount_code", "customer_tag")
RETURN, EXCHANGE_ONLY, FINAL = "return", "exchange_only", "final_sale"
MAY = (RETURN, EXCHANGE_ONLY, FINAL)
SHOP, BUYER = "shop", "buyer"
LABELS = (SHOP, BUYER)
"""Who provides the label of the way back: the shop a prepaid one, or the buyer, who pays the carrier."""
FAULTS = ("defective", "damaged", "wrong-item", "not-as-described", "missing-parts")
"""Reasons, by Shopify's handles, that are the shop's to answer for: whoever gives one never pays a fee."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What holds for some items in place of the shop's usual. The first rule that fits an item decides, alone."""

    about: str
    """One of SUBJECTS."""
    values: tuple[str, ...]
    """Any of them fits: two letters of a country, Shopify's number of a collection, else a text in any case."""
    may: str = RETURN
    """One of MAY."""
    days: int | None = None
    """None: as usual."""
    name: str = ""
    """What buyers read in place of the values, as in "Swimwear"; empty: the values, where they are no secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What is kept back with one outcome."""

    restocking: Decimal = Decimal(0)
    """Percent of what was paid for the item."""
    shipping: int = 0
    """For the way back, once for a whole return."""

    @property
    def is_free(self) -> bool:
        return not (self.restocking or self.shipping)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRule:
    handle: str
    """Shopify's."""
    is_free: bool = False
    """No fee is taken; always so for FAULTS."""
    needs_photo: bool = False
    question: str = ""
    """What the buyer has to answer; in the merchant's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """What is bought as a present can go back until later, where the window would close before."""

    first: date
    last: date
    """Days of purchase, both included."""
    until: date
    """The last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Which requests need no staff."""

    outcomes: tuple[str, ...] = ()
    """Of OUTCOMES; empty: staff looks at each."""
    most: int | None = None
    """Goods worth up to this; None: any."""
    with_photos: bool = False
    """Also those with a reason that asks for a photo."""
    watched: tuple[str, ...] = ()
    """Customers with one of these tags always wait for staff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buying:
    """How the shop's labels come about. Not a term towards the buyer: what holds today holds for every return."""

    is_on: bool = False
    """Bought from carriers without staff, where whoever runs the app has set up karrio."""
    service: str = ""
    """Karrio's name of a carrier's service; empty: the cheapest that is offered."""
    grams: int = 1000
    """What a parcel is taken to weigh where Shopify does not know."""
    days: int | None = None
    """So long a bought label holds; None: for good."""


USUAL_REASONS = (
    ReasonRule(handle="defective", is_free=True, needs_photo=True),
    ReasonRule(handle="damaged", is_free=True, needs_photo=True),
    ReasonRule(handle="wrong-item", is_free=True, needs_photo=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    start: str = "delivery"
    """One of STARTS."""
    days: int = 30
    assumed_days: int = 7
    """How long a parcel is taken to travel when its carrier never says that it arrived."""
    rules: tuple[Rule, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    outcomes: tuple[str, ...] = OUTCOMES
    """Offered to buyers, of OUTCOMES."""
    refund: Fee = Fee()
    exchange: Fee = Fee()
    credit: Fee = Fee()
    reasons: tuple[ReasonRule, ...] = USUAL_REASONS
    keep_below: int | None = None
    """What is worth less need not come back; None: everything comes back."""
    keeps_any: bool = False
    """Whatever the reason; else only what the shop is to answer for (FAULTS)."""
    limit: int | None = None
    """Requests of one order; None: any number."""
    guests: bool = True
    """Whether a code mailed to the address on file will do; else a login is needed. A withdrawal never needs one."""
    label: str = SHOP
    """One of LABELS."""
    buying: Buying = Buying()
    address: tuple[str, ...] = ()
    """Lines of where to send it; empty: told when the return is approved."""
    approval: Approval = Approval()
    not_withdrawn: tuple[str, ...] = ()
    """Tags of products that the law excepts from withdrawal: made to measure, sealed hygiene goods, perishable."""

    def fee(self, outcome: str, reason: str | None) -> Fee:
        if self.reason(reason).is_free:
            return Fee()
        return getattr(self, outcome)  # type: ignore[no-any-return]

    def reason(self, handle: str | None) -> ReasonRule:
        """Of one without a rule: nothing is asked."""
        found = next((one for one in self.reasons if one.handle == handle), ReasonRule(handle=handle or ""))
        is_free = found.is_free or found.handle in FAULTS
        return ReasonRule(handle=found.handle, is_free=is_free, needs_photo=found.needs_photo, question=found.question)


def packed(terms: Terms) -> dict[str, Any]:
    """As a dictionary that JSON can hold."""
    return _plain(terms)  # type: ignore[no-any-return]


def unpacked(kept: Mapping[str, Any]) -> Terms:
    """What an older version did not know yet is as usual."""
    return _made(Terms, kept)  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _made(wanted: Any, kept: Any) -> Any:
    """A value of a type, out of what JSON kept of it."""
    if kept is None:
        return None
    if get_origin(wanted) is UnionType:
        return _made(get_args(wanted)[0], kept)
    if get_origin(wanted) is tuple:
        return tuple(_made(get_args(wanted)[0], one) for one in kept)
    if hasattr(wanted, "__dataclass_fields__"):
        hints = get_type_hints(wanted)
        return wanted(**{name: _made(hints[name], one) for name, one in kept.items() if name in hints})
    return date.fromisoformat(kept) if wanted is date else wanted(kept)
