"""How the values of settings read to a merchant."""

from typing import Any

from flask import g

from shopify_app.frame import called, kept_day, language, tongue
from shopify_app.language import words
from shopify_app.returns.staff import goodwill


def text(value: Any) -> str:
    shown = " ".join(str(value or "").split())
    return (shown[:80] + "…" if len(shown) > 80 else shown) or "–"


def listed(value: Any) -> str:
    return text(", ".join(value or ()))


def number(value: Any) -> str:
    return "–" if value is None else language().number(value)


def percent(value: Any) -> str:
    return language().t("{number} %", number=value)


def money(value: Any) -> str:
    return "–" if value is None else language().money(value, g.shop.currency)


def switch(value: Any) -> str:
    return language().t("on") if value else language().t("off")


def since(value: Any) -> str:
    return language().t("on since {day}", day=kept_day(value)) if value else language().t("off")


def tongues(value: Any) -> str:
    return text(language().listed([tongue(code) for code in value or ()]))


def decider(value: Any) -> str:
    told = {"off": words("not offered"), "staff": words("staff decides"), "at once": words("at once, for {count} min")}
    return language().t(told[(value or {}).get("how", "staff")], count=(value or {}).get("minutes", 60))


def role(value: Any) -> str:
    told = {"owner": words("Owner"), "manager": words("Manager"), "agent": words("Agent")}
    return language().t(told[value]) if value in told else "–"


def methods(value: Any) -> str:
    days = {title: "/".join(str(one) for one in rule.values()) for title, rule in (value or {}).items()}
    return text("; ".join(f"{title}: {told}" for title, told in days.items()))


def own_words(value: Any) -> str:
    told = {True: words("your words"), "anew": words("your words, written anew")}
    return language().t(told.get(value, words("our words")))


def moment(name: str) -> str:
    """Of the order's page, as in "en/moving"."""
    code, _, stage = name.partition("/")
    told = {
        "paid": words("Paid"),
        "packing": words("Being packed"),
        "moving": words("On its way"),
        "arrived": words("Arrived"),
        "problem": words("Problem"),
    }
    return f"{language().t(told.get(stage, stage))} ({tongue(code)})"


def person(user: str) -> str:
    return called(user) or language().t("Staff member {number}", number=user)


def case(value: Any) -> str:
    return money(goodwill.usual(g.shop)["case"] if value is None else value)


def week(value: Any) -> str:
    return money(goodwill.usual(g.shop)["week"] if value is None else value)
