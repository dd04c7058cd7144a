"""By what right a marketing message may go: the law as far as a machine can know it, from plain facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopify_app.mail.models import Basis
from shopify_app.mail.rules import Rules
from shopify_app.mail.verdict import Skip

CONSENT_ONLY = frozenset({"DE", "AT"})
"""Where courts read the exception for customers so narrowly (UWG § 7, TKG § 174) that only consent counts here."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What Shopify knows of an e-mail address at the moment of asking."""

    state: str | None
    """Shopify's word, as in SUBSCRIBED; None: it knows no customer with this address."""
    level: str | None
    since: datetime | None
    customer_id: int | None
    orders: int
    """How many the customer has placed."""


@dataclass(frozen=True, slots=True)
class Right:
    """It may go, and this is why."""

    basis: Basis
    level: str | None
    """Shopify's opt-in level; "CHECKOUT" where a box at a checkout is all there is."""
    since: datetime | None


NOTS = {"UNSUBSCRIBED": "unsubscribed", "PENDING": "consent_pending", "INVALID": "address_invalid"}
"""Shopify's states in which nobody may be written to, whatever else holds."""


def right(
    consent: Consent, agreed_at: datetime | None, country: str | None, basis: Sequence[Basis], rules: Rules
) -> Right | Skip:
    """agreed_at: when the person ticked the box at a checkout. country: None for unknown: then no exception holds."""
    if country in rules.blocked:
        return Skip("country_blocked", {"country": country or ""})
    if consent.state in NOTS:
        return Skip(NOTS[consent.state])
    if consent.state == "SUBSCRIBED":
        return Right(Basis.CONSENT, consent.level, consent.since)
    if consent.state is None and agreed_at is not None:
        return Right(Basis.CONSENT, "CHECKOUT", agreed_at)
    is_excepted = country in rules.customers and country not in CONSENT_ONLY
    if Basis.CUSTOMER in basis and is_excepted and consent.orders > 0:
        return Right(Basis.CUSTOMER, None, consent.since)
    return Skip("no_consent")
