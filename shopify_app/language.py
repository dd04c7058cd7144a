"""Speak to a person in their language: texts, plurals, dates and money. The locale is always an argument.

Catalogues are gettext files in translations/<language>.po, keyed by the English text; English needs none. A language is
spoken as soon as its file is there. Where it has two ways of address, <language>@informal.po holds what then changes.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_timezone_location
from babel.lists import format_list
from babel.localedata import locale_identifiers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from flask import render_template

from shopify_app.money import decimal

FOLDER = Path(__file__).parent / "translations"
CATALOGUES = {path.stem for path in FOLDER.glob("*.po")}
INFORMAL = "@informal"
"""Ends the name of a language in which the reader is addressed as a friend: fr_CA@informal."""
LANGUAGES = ("en", *sorted(name for name in CATALOGUES if "@" not in name))
TWO_WAYS = tuple(name.removesuffix(INFORMAL) for name in sorted(CATALOGUES) if name.endswith(INFORMAL))
"""Languages that can address their reader formally or not."""
Day = date


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    """One of LANGUAGES: what the words are in."""
    locale: Locale
    """With its territory: what dates and money look like."""
    _catalogue: NullTranslations

    def t(self, text: str, **values: object) -> str:
        """The text in this language, with {name} filled in."""
        words = self._catalogue.gettext(text)
        return words.format(**values) if values else words

    def n(self, singular: str, plural: str, count: int, **values: object) -> str:
        """By the plural rules of this language; {count} is filled in too."""
        return self._catalogue.ngettext(singular, plural, count).format(count=count, **values)

    def money(self, amount: int, currency: str) -> str:
        """Minor units as a buyer reads them."""
        return format_currency(decimal(amount, currency), currency, locale=self.locale)

    def number(self, value: float | str) -> str:
        """Raises ValueError for what is none."""
        try:
            return format_decimal(Decimal(str(value)), locale=self.locale)
        except ArithmeticError as error:
            raise ValueError("not a number") from error

    def date(self, moment: datetime, zone: tzinfo) -> str:
        """Thursday 3 June 2026, in the words of the language."""
        return format_date(moment.astimezone(zone).date(), "full", locale=self.locale)

    def day(self, moment: datetime, zone: tzinfo) -> str:
        return self.dated(moment.astimezone(zone).date())

    def dated(self, day: Day) -> str:
        """A day that needs no zone any more."""
        return format_date(day, "medium", locale=self.locale)

    def month_day(self, day: Day) -> str:
        """As in "Jun 3", where the year is known."""
        return format_skeleton("MMMd", day, locale=self.locale)

    def time(self, moment: datetime, zone: tzinfo) -> str:
        """With the zone's town, for a time without one is a guess: 3 Jun 2026, 14:05 (Paris time)."""
        clock = format_time(moment.astimezone(zone).time(), "short", locale=self.locale)
        town = get_timezone_location(zone, locale=self.locale, return_city=True).rpartition("/")[2]
        return self.t("{day}, {clock} ({town} time)", day=self.day(moment, zone), clock=clock, town=town)

    def when(self, moment: datetime, now: datetime, zone: tzinfo) -> str:
        """As one says it: today, on Thursday, on June 12."""
        day = moment.astimezone(zone).date()
        away = (day - now.astimezone(zone).date()).days
        if away in NEAR:
            return self.t(NEAR[away])
        if abs(away) < 7:
            return self.t("on {weekday}", weekday=format_date(day, "EEEE", locale=self.locale))
        return self.t("on {date}", date=format_skeleton("MMMMd", day, locale=self.locale))

    def ago(self, moment: datetime, now: datetime) -> str:
        """2 hours ago; at least a minute."""
        past = min(moment - now, timedelta(minutes=-1))
        return format_timedelta(past, granularity="minute", threshold=1, add_direction=True, locale=self.locale)

    def listed(self, things: Sequence[str]) -> str:
        """a, b and c; empty for nothing."""
        return format_list(things, locale=self.locale) if things else ""

    def country(self, code: str | None) -> str:
        return str(self.locale.territories.get(code or "", code or ""))


def words(english: str) -> str:
    """Marks a text for the catalogues that is put into a language elsewhere."""
    return english


NEAR = {-1: words("yesterday"), 0: words("today"), 1: words("tomorrow")}
"""Days from now."""


@cache
def speak(tag: str | None) -> Language:
    """The language of a tag such as "fr", "pt-BR" or "de_AT@informal"; English for one we do not ship."""
    name, _, register = (tag or "en").partition("@")
    try:
        locale = Locale.parse(name.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        locale = Locale("en")
    if locale.language not in LANGUAGES:
        locale = Locale("en")
    return Language(locale.language, locale, _catalogue(locale.language, f"@{register}"))


def choose(tags: Iterable[str]) -> str | None:
    """The first of a visitor's languages that we speak, with its territory where one is known; None: none of them."""
    return negotiate_locale([tag.replace("-", "_") for tag in tags], _spoken())


@cache
def _spoken() -> list[str]:
    return [name for name in locale_identifiers() if name.partition("_")[0] in LANGUAGES]


@cache
def _catalogue(code: str, register: str = "@") -> NullTranslations:
    """What a register leaves out is said as in the language itself."""
    if f"{code}{register}" in CATALOGUES:
        changed = _compiled(f"{code}{register}", code)
        changed.add_fallback(_catalogue(code))
        return changed
    return _compiled(code, code) if code in CATALOGUES else NullTranslations()


def _compiled(name: str, code: str) -> GNUTranslations:
    """In memory, when first needed: no build step, and never out of step with its text."""
    compiled = io.BytesIO()
    with (FOLDER / f"{name}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)


def render(template: str, locale: str | None, **context: object) -> str:
    """A template in a person's language: `t`, `n` and `language` are there."""
    language = speak(locale)
    return render_template(template, language=language, t=language.t, n=language.n, **context)


@cache
def zone(name: str | None) -> ZoneInfo:
    """A shop's time zone; UTC when Shopify's name for it is not known here."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError):
        return ZoneInfo("UTC")
