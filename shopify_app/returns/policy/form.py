"""What a merchant typed as the terms of returns: every field that cannot be taken is named."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from shopify_app.language import words
from shopify_app.money import decimal, minor
from shopify_app.returns.models import OUTCOMES
from shopify_app.returns.policy.terms import (
    LABELS,
    MAY,
    STARTS,
    SUBJECTS,
    Approval,
    Buying,
    Fee,
    Holiday,
    ReasonRule,
    Rule,
    Terms,
)

MOST_DAYS = 3650
MOST_ROWS = 30
LONGEST, LONGEST_QUESTION = 500, 200
"""Signs."""
NO_CHOICE = words("Please choose one of these.")
NO_DAYS = words("Please enter a whole number of days up to {most}.")
NO_NUMBER = words("Please enter a whole number from 1 on, or nothing.")
NO_AMOUNT = words("Please enter an amount, or nothing.")
NO_PERCENT = words("Please enter a percentage from 0 to 100.")
NO_DATE = words("Please enter three days: from, to, and the last day to send it back, none before the other.")
NO_SERVICE = words("Please write the service as karrio does, in small letters with _ between, or nothing.")
TOO_LONG = words("This is too long.")
NO_VALUE = words("Please write what this rule is for.")
NO_COUNTRY = words("Please write countries with two letters, as in DE, FR.")
NO_COLLECTION = words("Please write the collection’s number, or its address in your admin.")
TWICE = words("This reason stands here twice.")


class Unclear(Exception):
    """`errors`: what is wrong with each field, in words of this module."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def read(form: MultiDict[str, str], currency: str) -> Terms:
    """Amounts are in this currency, the shop's. Raises Unclear."""
    typed = _Typed(form, currency)
    terms = Terms(
        start=typed.word("start", STARTS),
        days=typed.days("days") or 0,
        assumed_days=typed.days("assumed_days") or 0,
        rules=tuple(typed.rules()),
        holidays=tuple(typed.holidays()),
        outcomes=typed.many("outcomes", OUTCOMES),
        refund=typed.fee("refund"),
        exchange=typed.fee("exchange"),
        credit=typed.fee("credit"),
        reasons=tuple(typed.reasons()),
        keep_below=typed.amount("keep_below"),
        keeps_any=typed.is_on("keeps_any"),
        limit=typed.number("limit"),
        guests=typed.is_on("guests"),
        label=typed.word("label", LABELS),
        buying=Buying(
            is_on=typed.is_on("buys_labels"),
            service=typed.service(),
            grams=typed.number("grams") or Buying().grams,
            days=typed.number("label_days"),
        ),
        address=typed.lines("address"),
        approval=Approval(
            outcomes=typed.many("approved", OUTCOMES),
            most=typed.amount("approved_most"),
            with_photos=typed.is_on("with_photos"),
            watched=typed.listed("watched"),
        ),
        not_withdrawn=typed.listed("not_withdrawn"),
    )
    if typed.errors:
        raise Unclear(typed.errors)
    return terms


class _Typed:
    """A form, and what is wrong with it."""

    def __init__(self, form: MultiDict[str, str], currency: str) -> None:
        self._form, self._currency = form, currency
        self.errors: dict[str, str] = {}

    def text(self, field: str, longest: int = LONGEST) -> str:
        text = self._form.get(field, "").strip()
        if len(text) > longest:
            self.errors[field] = TOO_LONG
        return text

    def word(self, field: str, choices: Sequence[str]) -> str:
        word = self._form.get(field, "")
        if word not in choices:
            self.errors[field] = NO_CHOICE
        return word

    def service(self) -> str:
        """As karrio writes it: "dhl_parcel_de_paket"."""
        text = self.text("service", LONGEST_QUESTION)
        if not re.fullmatch("[a-z0-9_]*", text):
            self.errors["service"] = NO_SERVICE
        return text

    def many(self, field: str, choices: Sequence[str]) -> tuple[str, ...]:
        chosen = self._form.getlist(field)
        return tuple(word for word in choices if word in chosen)

    def is_on(self, field: str) -> bool:
        return self._form.get(field, "") == "on"

    def listed(self, field: str) -> tuple[str, ...]:
        """What stands between commas."""
        return tuple(dict.fromkeys(one.strip() for one in self.text(field).split(",") if one.strip()))

    def lines(self, field: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.text(field).splitlines() if line.strip())

    def days(self, field: str, *, is_needed: bool = True) -> int | None:
        text = self.text(field)
        if not text and not is_needed:
            return None
        if _is_whole(text) and int(text) <= MOST_DAYS:
            return int(text)
        self.errors[field] = NO_DAYS
        return None

    def number(self, field: str) -> int | None:
        text = self.text(field)
        if text and not (_is_whole(text) and int(text)):
            self.errors[field] = NO_NUMBER
            return None
        return int(text) if text else None

    def amount(self, field: str) -> int | None:
        text = self.text(field)
        try:
            amount = minor(text, self._currency)
            if amount >= 0 and decimal(amount, self._currency) == Decimal(text or 0):
                return amount if text else None
        except (ValueError, ArithmeticError):
            pass
        self.errors[field] = NO_AMOUNT
        return None

    def fee(self, outcome: str) -> Fee:
        percent = self._percent(f"{outcome}_restocking")
        return Fee(restocking=percent, shipping=self.amount(f"{outcome}_shipping") or 0)

    def _percent(self, field: str) -> Decimal:
        text = self.text(field) or "0"
        try:
            percent = Decimal(text.replace(",", "."))
            if 0 <= percent <= 100 and percent == round(percent, 2):
                return percent
        except ArithmeticError:
            pass
        self.errors[field] = NO_PERCENT
        return Decimal(0)

    def rules(self) -> Iterator[Rule]:
        """One for each row that says something; the others are gone."""
        for row in self._rows("rule", ("values", "name", "days")):
            about = self.word(f"{row}-about", SUBJECTS)
            yield Rule(
                about=about,
                values=self._values(f"{row}-values", about),
                may=self.word(f"{row}-may", MAY),
                days=self.days(f"{row}-days", is_needed=False),
                name=self.text(f"{row}-name", LONGEST_QUESTION),
            )

    def _values(self, field: str, about: str) -> tuple[str, ...]:
        values = self.listed(field)
        if not values:
            self.errors[field] = NO_VALUE
        if about == "country":
            values = tuple(value.upper() for value in values)
            if not all(len(value) == 2 and value.isascii() and value.isalpha() for value in values):
                self.errors[field] = NO_COUNTRY
        if about == "collection":
            values = tuple(value.split("?")[0].rstrip("/").rpartition("/")[2] for value in values)
            if not all(map(_is_whole, values)):
                self.errors[field] = NO_COLLECTION
        return values

    def holidays(self) -> Iterator[Holiday]:
        for row in self._rows("holiday", ("first", "last", "until")):
            days = [_day(self.text(f"{row}-{name}")) for name in ("first", "last", "until")]
            first, last, until = days
            if first and last and until and first <= last <= until:
                yield Holiday(first=first, last=last, until=until)
            else:
                self.errors[f"{row}-first"] = NO_DATE

    def reasons(self) -> Iterator[ReasonRule]:
        seen = set()
        for row in self._rows("reason", ("handle",)):
            handle = self.text(f"{row}-handle", LONGEST_QUESTION)
            if handle in seen:
                self.errors[f"{row}-handle"] = TWICE
            seen.add(handle)
            yield ReasonRule(
                handle=handle,
                is_free=self.is_on(f"{row}-free"),
                needs_photo=self.is_on(f"{row}-photo"),
                question=self.text(f"{row}-question", LONGEST_QUESTION),
            )

    def _rows(self, name: str, fields: Sequence[str]) -> Iterator[str]:
        for number in range(1, MOST_ROWS + 1):
            if any(self._form.get(f"{name}-{number}-{field}", "").strip() for field in fields):
                yield f"{name}-{number}"


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
