"""The terms as sentences: what buyers read as the shop's policy, and staff beside the settings.

Every setting is said in one of them, so that two versions differ in what they say where they differ at all.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_percent

from shopify_app.language import Language
from shopify_app.returns.models import CREDIT, EXCHANGE, OUTCOMES, REFUND
from shopify_app.returns.policy import windows
from shopify_app.returns.policy.terms import EXCHANGE_ONLY, FAULTS, FINAL, SHOP, Fee, Rule, Terms
from shopify_app.returns.policy.wording import ALSO, because
from shopify_app.returns.requests.handling import DUE_AFTER

SECRET = ("customer_tag", "discount_code")
"""Rules about these are published only under a name that the merchant gave them."""


class Clause(NamedTuple):
    heading: str
    sentences: Sequence[str]


def of(terms: Terms, currency: str, language: Language) -> Sequence[Clause]:
    """For buyers. `currency`: the shop's."""
    t = language.t
    return [
        Clause(t("How long you have"), [window(terms, language), *_exceptions(terms, language)]),
        Clause(t("Your right of withdrawal"), list(_law(terms, language))),
        Clause(t("What you get"), list(_outcomes(terms, currency, language))),
        Clause(t("What it costs"), list(_costs(terms, currency, language))),
        Clause(t("How to send it back"), list(_way(terms, language))),
        Clause(t("When you get your money"), [money(language)]),
    ]


def short(terms: Terms, currency: str, language: Language) -> str:
    """How long, and what it costs: for an answer among others."""
    return " ".join([window(terms, language), *_fees(terms, currency, language)])


def window(terms: Terms, language: Language) -> str:
    n = language.n
    if not terms.outcomes:
        return language.t("We do not take anything back beyond what the law gives you.")
    match terms.start:
        case "purchase":
            return n(
                "You can send items back until {count} day after the purchase.",
                "You can send items back until {count} days after the purchase.",
                terms.days,
            )
        case "fulfilment":
            return n(
                "You can send items back until {count} day after we sent them.",
                "You can send items back until {count} days after we sent them.",
                terms.days,
            )
        case _:
            return n(
                "You can send items back until {count} day after they arrived.",
                "You can send items back until {count} days after they arrived.",
                terms.days,
            )


def for_staff(terms: Terms, currency: str, language: Language) -> Sequence[Clause]:
    """What buyers do not read."""
    t = language.t
    return [
        Clause(t("Which item has other terms"), [_rule(rule, language, is_public=False) for rule in terms.rules]),
        Clause(t("What is asked of the buyer"), list(_asked(terms, language))),
        Clause(t("Who decides"), list(_approval(terms, currency, language))),
        Clause(t("Labels for the way back"), list(_buying(terms, language))),
    ]


def _exceptions(terms: Terms, language: Language) -> Iterator[str]:
    t = language.t
    if terms.start == "delivery":
        yield language.n(
            "If the carrier never reports a delivery, we count {count} day for its way.",
            "If the carrier never reports a delivery, we count {count} days for its way.",
            terms.assumed_days,
        )
    for one in terms.holidays:
        days = {
            "first": _day(one.first, language),
            "last": _day(one.last, language),
            "until": _day(one.until, language),
        }
        yield t("What you buy between {first} and {last} can come back until {until}.", **days)
    for rule in terms.rules:
        if rule.name or rule.about not in SECRET:
            yield _rule(rule, language, is_public=True)
    if terms.limit is not None:
        yield language.n("An order can have {count} return.", "An order can have {count} returns.", terms.limit)


def _rule(rule: Rule, language: Language, *, is_public: bool) -> str:
    subject = because(rule.about, rule.values, language)
    if is_public:
        subject = rule.name or subject
    elif rule.name or rule.about in ("collection", "customer_tag"):
        subject = f"{rule.name or subject} ({', '.join(rule.values)})"
    if rule.may == FINAL:
        return language.t("{subject}: final sale, not taken back.", subject=subject)
    days = "" if rule.days is None else language.n("{count} day", "{count} days", rule.days)
    if rule.may == EXCHANGE_ONLY:
        said = language.t("{subject}: exchange or store credit, no money back.", subject=subject)
        return f"{said} ({days})" if days else said
    return language.t("{subject}: {days}.", subject=subject, days=days or language.t("as usual"))


def _law(terms: Terms, language: Language) -> Iterator[str]:
    t = language.t
    yield t(
        "In the European Union, Iceland, Liechtenstein and Norway you can withdraw from the contract within {days} "
        "days of receiving the last item of your order, without giving a reason. This holds whatever else stands here.",
        days=windows.LEGAL_DAYS,
    )
    if terms.not_withdrawn:
        tags = ", ".join(terms.not_withdrawn)
        yield t("The law excepts some goods from this. With us these are tagged: {tags}.", tags=tags)


def _outcomes(terms: Terms, currency: str, language: Language) -> Iterator[str]:
    t = language.t
    offered = [t(ALSO[outcome]) for outcome in OUTCOMES if outcome in terms.outcomes]
    if offered:
        yield t("You can choose {ways}.", ways=format_list(offered, "or", language.locale))
    if terms.keep_below is None:
        return
    amount = language.money(terms.keep_below, currency)
    if terms.keeps_any:
        yield t("What was worth less than {amount} you can keep.", amount=amount)
    else:
        yield t("What arrived damaged or wrong and was worth less than {amount} you can keep.", amount=amount)


def _costs(terms: Terms, currency: str, language: Language) -> Iterator[str]:
    yield from _fees(terms, currency, language)
    if any(not fee.is_free for _, fee in _offered(terms)):
        yield language.t("Whatever is damaged, defective or not what you ordered never costs you a fee.")


def _fees(terms: Terms, currency: str, language: Language) -> Iterator[str]:
    t, offered = language.t, _offered(terms)
    if offered and all(fee.is_free for _, fee in offered):
        yield t("We keep no fee back.")
        return
    for outcome, fee in offered:
        way = t(ALSO[outcome])
        if fee.is_free:
            yield t("For {way} we keep no fee back.", way=way)
        else:
            yield t(
                "For {way} we keep back {fees}.", way=way, fees=language.listed(list(_kept(fee, currency, language)))
            )


def _kept(fee: Fee, currency: str, language: Language) -> Iterator[str]:
    if fee.restocking:
        percent = format_percent(fee.restocking / Decimal(100), "#,##0.##%", language.locale)
        yield language.t("{percent} of the price", percent=percent)
    if fee.shipping:
        yield language.t("{amount} for the way back", amount=language.money(fee.shipping, currency))


def _offered(terms: Terms) -> Sequence[tuple[str, Fee]]:
    fees = ((REFUND, terms.refund), (EXCHANGE, terms.exchange), (CREDIT, terms.credit))
    return [(outcome, fee) for outcome, fee in fees if outcome in terms.outcomes]


def _way(terms: Terms, language: Language) -> Iterator[str]:
    t = language.t
    if terms.guests:
        yield t(
            "Open the page of your order and ask there; a code that we mail to you is enough, no account is needed."
        )
    else:
        yield t("Log in to your customer account, open your order and ask there.")
    if terms.label == SHOP:
        yield t("We send you a prepaid label.")
    else:
        yield t("You choose the carrier and pay for the way back.")
    if terms.address:
        yield t("It goes to: {address}.", address=", ".join(terms.address))
    else:
        yield t("Where it goes to we tell you as soon as the return is agreed.")


def money(language: Language) -> str:
    hours = int(DUE_AFTER.total_seconds() // 3600)
    return language.t(
        "We pay back within {hours} hours of receiving what you sent, the way you paid or as store credit; "
        "your bank may need a few days more.",
        hours=hours,
    )


def _asked(terms: Terms, language: Language) -> Iterator[str]:
    t = language.t
    for one in terms.reasons:
        reason = named(one.handle)
        if one.needs_photo:
            yield t("“{reason}” needs a photo.", reason=reason)
        if one.question:
            yield t("“{reason}” asks: {question}", reason=reason, question=one.question)
        if one.is_free and one.handle not in FAULTS:
            yield t("“{reason}” costs no fee.", reason=reason)
    yield t("Never costs a fee: {reasons}.", reasons=language.listed([f"“{named(handle)}”" for handle in FAULTS]))


def _approval(terms: Terms, currency: str, language: Language) -> Iterator[str]:
    t, approval = language.t, terms.approval
    if not approval.outcomes:
        yield t("Staff looks at every request.")
        return
    ways = language.listed([t(ALSO[outcome]) for outcome in OUTCOMES if outcome in approval.outcomes])
    if approval.most is None:
        yield t("Requests for {ways} that the terms allow are approved at once.", ways=ways)
    else:
        amount = language.money(approval.most, currency)
        yield t(
            "Requests for {ways} that the terms allow are approved at once up to {amount}.", ways=ways, amount=amount
        )
    if approval.with_photos:
        yield t("So are those with a photo.")
    else:
        yield t("Those with a photo wait for staff.")
    if approval.watched:
        yield t("Customers with one of these tags always wait for staff: {tags}.", tags=", ".join(approval.watched))


def _buying(terms: Terms, language: Language) -> Iterator[str]:
    t, n, buying = language.t, language.n, terms.buying
    if terms.label != SHOP:
        return
    if not buying.is_on:
        yield t("Staff gives each label.")
        return
    if buying.service:
        yield t(
            "They are bought as soon as a return is approved, with this service: {service}.", service=buying.service
        )
    else:
        yield t("They are bought as soon as a return is approved, with the cheapest service that is offered.")
    yield t("A parcel of unknown weight counts as {grams} g.", grams=language.number(buying.grams))
    if buying.days:
        yield n("A bought label holds for {count} day.", "A bought label holds for {count} days.", buying.days)


def named(handle: str) -> str:
    """Shopify's handle as a person reads it, where nobody has told its name: "too-tight" is Too tight."""
    return handle.replace("-", " ").capitalize()


def _day(day: date, language: Language) -> str:
    return format_date(day, "long", language.locale)
