"""The sentence of a decision: rule, date and evidence, then what else is possible."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from babel.dates import format_date
from babel.lists import format_list

from shopify_app.language import Language, words


class Explained(Protocol):
    """A decision (decisions.py)."""

    @property
    def is_allowed(self) -> bool: ...
    @property
    def rule(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def also(self) -> tuple[str, ...]: ...


IN_TIME, TOO_LATE = words("{evidence}, so the last day is {last}."), words("{evidence}, so the last day was {last}.")
HOLIDAY = words("Bought on {bought}, in the holiday season")
LAW = {
    "delivery": words("The last item came on {began}: the law gives {count} days to withdraw, until {last}."),
    "assumed": words(
        "No delivery was reported, so the law’s {count} days to withdraw are counted from {began}, until {last}."
    ),
    "waiting": words("Not all of this order has been sent, so the law’s {count} days to withdraw have not begun."),
}
LAW_OVER = words("The last item came on {began}, so the law’s {count} days to withdraw ended on {last}.")
EXCEPTED = words("The law excepts this item from withdrawal.")
BECAUSE = {
    "country": words("Delivered to {value}"),
    "collection": words("Part of a collection with terms of its own"),
    "product_tag": words("Tagged “{value}”"),
    "product_type": words("Of the type “{value}”"),
    "discount_code": words("Bought with the code “{value}”"),
    "customer_tag": words("By the terms that hold for this customer"),
}
"""Which rule of the terms it is; a customer's tags are not for the customer's eyes."""
FINAL_SALE = words("{because}: this was a final sale, which cannot be sent back.")
EXCHANGE_ONLY = words("{because}: this can be exchanged or credited, but no money is paid back.")
NOT_OFFERED = {
    "refund": words("This shop does not offer refunds for what is sent back."),
    "exchange": words("This shop does not offer exchanges."),
    "credit": words("This shop does not offer store credit."),
}
GIFT_CARD = words("A gift card cannot be sent back.")
SOME_LEFT = words("No more than {count} of these can still come back.")
NONE_LEFT = words("All of these were sent back already, or are about to be.")
ALSO = {
    "refund": words("a refund"),
    "exchange": words("an exchange"),
    "credit": words("store credit"),
    "withdrawal": words("withdrawing from the contract"),
    "contact": words("writing to the shop"),
}
POSSIBLE = words("Still possible: {ways}.")


def explain(decision: Explained, language: Language) -> str:
    """One sentence; where it is refused, another with what is possible instead."""
    said = _said(decision.rule, decision.facts, language)
    if decision.is_allowed or not decision.also:
        return said
    ways = format_list([language.t(ALSO[way]) for way in decision.also], "or", language.locale)
    return f"{said} {language.t(POSSIBLE, ways=ways)}"


def _said(rule: str, facts: Mapping[str, Any], language: Language) -> str:
    t, n = language.t, language.n
    match rule:
        case "in_time":
            return _window(IN_TIME, facts, language)
        case "too_late":
            return _window(TOO_LATE, facts, language)
        case "law":
            days = _days(facts, language)
            return t(LAW[facts["since"]], count=facts["days"], **days)
        case "law_over":
            return t(LAW_OVER, count=facts["days"], **_days(facts, language))
        case "excepted":
            return t(EXCEPTED)
        case "final_sale":
            return t(FINAL_SALE, because=_because(facts, language))
        case "exchange_only":
            return t(EXCHANGE_ONLY, because=_because(facts, language))
        case "not_offered":
            return t(NOT_OFFERED[facts["outcome"]])
        case "limit":
            return n(
                "An order can have {count} return, and this one has had it.",
                "An order can have {count} returns, and this one has had them.",
                facts["limit"],
            )
        case "nothing_left" if facts["left"]:
            return t(SOME_LEFT, count=facts["left"])
        case "nothing_left":
            return t(NONE_LEFT)
        case _:
            return t(GIFT_CARD)


def _window(verdict: str, facts: Mapping[str, Any], language: Language) -> str:
    days = _days(facts, language)
    evidence = language.t(HOLIDAY, **days) if facts["is_holiday"] else _counted(facts, days, language)
    return language.t(verdict, evidence=evidence, last=days["last"])


def _counted(facts: Mapping[str, Any], days: Mapping[str, str], language: Language) -> str:
    """By what the window counts from."""
    n, count = language.n, facts["days"]
    match facts["since"]:
        case "purchase":
            return n("Bought on {began}, {count} day", "Bought on {began}, {count} days", count, **days)
        case "fulfilment":
            return n("Sent on {began}, {count} day", "Sent on {began}, {count} days", count, **days)
        case "delivery":
            return n("Delivered on {began}, {count} day", "Delivered on {began}, {count} days", count, **days)
        case _:
            return n(
                "Sent on {sent} and never reported as delivered, so counted from {began}, {count} day",
                "Sent on {sent} and never reported as delivered, so counted from {began}, {count} days",
                count,
                **days,
            )


def _days(facts: Mapping[str, Any], language: Language) -> dict[str, str]:
    known = {name: facts[name] for name in ("began", "last", "bought", "sent") if name in facts}
    return {name: format_date(date.fromisoformat(day), "long", language.locale) for name, day in known.items()}


def _because(facts: Mapping[str, Any], language: Language) -> str:
    return facts["name"] or because(facts["about"], [facts["value"]], language)


def because(about: str, values: Sequence[str], language: Language) -> str:
    """What a rule of the terms is about."""
    told = [language.country(value.strip().upper()) if about == "country" else value for value in values]
    return language.t(BECAUSE[about], value=format_list(told, "or", language.locale) if told else "")
