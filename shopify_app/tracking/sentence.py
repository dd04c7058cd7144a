"""How an order is doing, in words: one sentence for all of it, and one for each of its parts.

A parcel is the subject of every clause and what is in it follows "with": titles, which nobody can decline, stay as they
are, and the verb always agrees with the one parcel. Clauses have no full stop, so that they can be joined.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from shopify_app.language import Language, words
from shopify_app.tracking.scans import Situation, State
from shopify_app.tracking.state import UNPAID, Expected, Item, Parcel, Progress

LEADING: Sequence[State] = ("arrived", "moving", "packing")
FRESH = timedelta(hours=36)
"""A scan tells where a parcel is for so long; then it only tells where it was."""
NAMED = 2
"""So many titles stand in the one sentence; more are counted."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some pieces of the order that share their fate."""

    text: str
    items: Sequence[Item]
    parcel: Parcel | None
    """None for what is in no parcel."""


def headline(progress: Progress, language: Language) -> str:
    """The truth about the order in one sentence, and one more for what is still with the shop or was paid back."""
    if progress.order.cancelled_at:
        return language.t("This order has been cancelled.")
    if progress.is_refunded:
        return language.t("This order has been refunded.")
    told = [_parcels(progress, language) if progress.parcels else _before(progress, language)]
    if progress.parcels and progress.unsent:
        told.append(language.t("{clause}.", clause=_unsent(progress.unsent, language)))
    if refunds := _refunded(progress, language):
        told.append(language.t("We have refunded {amount}.", amount=refunds))
    return " ".join(told)


def parts(progress: Progress, language: Language) -> Sequence[Part]:
    """Every piece of the order, once: each parcel, then what is in none."""
    told = [Part(of_parcel(parcel, progress, language), parcel.items, parcel) for parcel in progress.parcels]
    rest = (
        (progress.unsent, _still_here),
        (progress.unshipped, _needs_no_parcel),
        (progress.removed, _taken_out),
    )
    told += [Part(language.t("{clause}.", clause=tell(items, language)), items, None) for items, tell in rest if items]
    return told


def of_parcel(parcel: Parcel, progress: Progress, language: Language) -> str:
    """One parcel by itself."""
    return language.t("{clause}.", clause=_clause(parcel, _numbered(parcel, progress, language), progress, language))


def of_trouble(progress: Progress, language: Language) -> Sequence[str]:
    """What a merchant should know: every parcel in trouble, and every number that cannot be right."""
    told = []
    for parcel in progress.parcels:
        if parcel.state == "problem":
            told.append(of_parcel(parcel, progress, language))
        carrier = parcel.shipment.carrier or language.t("this carrier")
        wrong = words("The number {number} cannot be right for {carrier}: a digit is wrong.")
        told += [language.t(wrong, number=number, carrier=carrier) for number in parcel.mistyped]
    return told


def _before(progress: Progress, language: Language) -> str:
    """Nothing has been sent."""
    if progress.order.financial_status in UNPAID:
        return language.t("We have your order and are waiting for the payment.")
    if progress.whole.lines and not progress.unsent:
        return language.t("Your order is complete: there is nothing to deliver.")
    is_paid = progress.order.financial_status in ("paid", "partially_refunded")
    if progress.ahead:
        paid = words("Your order is paid, and we are preparing it; it should come {when}.")
        other = words("We have your order and are preparing it; it should come {when}.")
        return language.t(paid if is_paid else other, when=_when(progress.ahead, progress, language))
    if is_paid:
        return language.t("Your order is paid, and we are preparing it.")
    return language.t("We have your order and are preparing it.")


def _parcels(progress: Progress, language: Language) -> str:
    if len(progress.parcels) == 1:
        clause = _clause(progress.parcels[0], language.t("Your parcel"), progress, language)
        return language.t("{clause}.", clause=clause)
    first, others = _most(progress, language)
    if not others:
        return language.t("{clause}.", clause=first)
    return language.t("{clause}; {other}.", clause=first, other=others)


def _most(progress: Progress, language: Language) -> tuple[str, str]:
    """What most or the furthest parcels do, and what there is to say of the others."""
    total, count = len(progress.parcels), Counter(parcel.state for parcel in progress.parcels)
    lead: State = next((state for state in LEADING if count[state]), "problem")
    others = [parcel for parcel in progress.parcels if parcel.state != lead]
    if lead == "problem":
        return language.t("There is a problem with each of your {total} parcels", total=total), ""
    if not others:
        return language.t(ALL[lead], total=total), ""
    clause = _some(lead, count[lead], total, language)
    if len(others) == 1 and others[0].items:
        subject = language.t("the one with {items}", items=_few(others[0].items, language))
        return clause, _clause(others[0], subject, progress, language)
    if troubled := count["problem"]:
        return clause, language.n("there is a problem with {count}", "there are problems with {count}", troubled)
    return clause, ""


ALL = {
    "arrived": words("All {total} parcels have arrived"),
    "moving": words("Your {total} parcels are on their way"),
    "packing": words("Your {total} parcels are packed and wait for the carrier"),
}


def _some(state: str, count: int, total: int, language: Language) -> str:
    if state == "arrived":
        return language.n(
            "{count} of your {total} parcels has arrived",
            "{count} of your {total} parcels have arrived",
            count,
            total=total,
        )
    if state == "moving":
        return language.n(
            "{count} of your {total} parcels is on its way",
            "{count} of your {total} parcels are on their way",
            count,
            total=total,
        )
    return language.n(
        "{count} of your {total} parcels waits for the carrier",
        "{count} of your {total} parcels wait for the carrier",
        count,
        total=total,
    )


def _clause(parcel: Parcel, subject: str, progress: Progress, language: Language) -> str:
    if parcel.situation == "moving":
        return _moving(parcel, subject, progress, language)
    expected = _expected(parcel, progress, language)
    if expected and parcel.situation in EXPECTED:
        return language.t(EXPECTED[parcel.situation], parcel=subject, when=expected)
    since = parcel.delay and language.when(parcel.delay.since, progress.now, progress.zone)
    return language.t(CLAUSES[parcel.situation], parcel=subject, since=since)


CLAUSES: Mapping[Situation, str] = {
    "packed": words("{parcel} is packed and waits for the carrier"),
    "sent": words("{parcel} has been sent"),
    "moving": words("{parcel} is on its way"),
    "customs": words("{parcel} is with customs and goes on as soon as they release it"),
    "out": words("{parcel} is out for delivery"),
    "waiting": words("{parcel} is ready for you at the pickup point"),
    "delayed": words("{parcel} is delayed"),
    "attempted": words("{parcel} could not be handed over yet"),
    "held": words("{parcel} waits because the carrier needs something from you"),
    "failed": words("{parcel} could not be delivered"),
    "returning": words("{parcel} is on its way back to us"),
    "arrived": words("{parcel} has arrived"),
    "collected": words("{parcel} has been picked up"),
    "uncollected": words("{parcel} was announced to the carrier {since}, who has not collected it yet"),
    "silent": words("{parcel} was last scanned {since}, and the carrier has told us nothing since"),
    "late": words("{parcel} should have come {since} and is late"),
}
EXPECTED: Mapping[Situation, str] = {
    "packed": words("{parcel} is packed, waits for the carrier and should come {when}"),
    "sent": words("{parcel} has been sent and should come {when}"),
    "delayed": words("{parcel} is delayed and should now come {when}"),
}
"""What is said when there is a day to expect it."""


def _moving(parcel: Parcel, subject: str, progress: Progress, language: Language) -> str:
    """Where it is and when it should come, as far as both are known."""
    expected = _expected(parcel, progress, language)
    seen = next((event for event in parcel.events if event.place.get("city")), None)
    if seen is None and expected:
        return language.t("{parcel} is on its way and should come {when}", parcel=subject, when=expected)
    if seen is None:
        return language.t(CLAUSES["moving"], parcel=subject)
    told = {"parcel": subject, "town": _town(seen.place["city"]), "when": expected}
    if progress.now - seen.happened_at < FRESH:
        both, one = words("{parcel} is in {town} and should come {when}"), words("{parcel} is in {town}")
    else:
        told["day"] = language.when(seen.happened_at, progress.now, progress.zone)
        both = words("{parcel} was in {town} {day} and should come {when}")
        one = words("{parcel} is on its way and was in {town} {day}")
    return language.t(both if expected else one, **told)


def _town(name: str) -> str:
    """Carriers shout."""
    return name.title() if name.isupper() else name


def _expected(parcel: Parcel, progress: Progress, language: Language) -> str | None:
    expected = progress.standing(parcel)
    return _when(expected, progress, language) if expected else None


def _when(expected: Expected, progress: Progress, language: Language) -> str:
    """What only the shop expects is told as such."""
    day = language.when(expected.at, progress.now, progress.zone)
    return day if expected.by == "carrier" else language.t("{day} (our estimate)", day=day)


def _numbered(parcel: Parcel, progress: Progress, language: Language) -> str:
    total, number = len(progress.parcels), progress.parcels.index(parcel) + 1
    items = _all(parcel.items, language)
    if total == 1:
        return language.t("The parcel with {items}", items=items) if items else language.t("Your parcel")
    if not items:
        return language.t("Parcel {number} of {total}", number=number, total=total)
    return language.t("Parcel {number} of {total} with {items}", number=number, total=total, items=items)


def _unsent(items: Sequence[Item], language: Language) -> str:
    if len(items) > NAMED:
        return language.n("{count} item is still with us", "{count} items are still with us", _pieces(items))
    return _still_here(items, language)


def _still_here(items: Sequence[Item], language: Language) -> str:
    named = _all(items, language)
    return language.n("{items} is still with us", "{items} are still with us", _pieces(items), items=named)


def _needs_no_parcel(items: Sequence[Item], language: Language) -> str:
    named = _all(items, language)
    return language.n("{items} needs no parcel", "{items} need no parcel", _pieces(items), items=named)


def _taken_out(items: Sequence[Item], language: Language) -> str:
    named = _all(items, language)
    return language.n("{items} was cancelled", "{items} were cancelled", _pieces(items), items=named)


def _few(items: Sequence[Item], language: Language) -> str:
    if len(items) > NAMED:
        return language.n("{count} item", "{count} items", _pieces(items))
    return _all(items, language)


def _all(items: Sequence[Item], language: Language) -> str:
    return language.listed([_named(item) for item in items])


def _named(item: Item) -> str:
    title = f"{item.line.title} ({item.line.variant_title})" if item.line.variant_title else item.line.title
    return f"{item.quantity} × {title}" if item.quantity > 1 else title


def _pieces(items: Sequence[Item]) -> int:
    return sum(item.quantity for item in items)


def _refunded(progress: Progress, language: Language) -> str:
    """What went back in each currency; empty when nothing did."""
    sums = Counter[str]()
    for refund in progress.whole.refunds:
        sums[refund.currency] += refund.amount
    return language.listed([language.money(amount, currency) for currency, amount in sums.items() if amount])
