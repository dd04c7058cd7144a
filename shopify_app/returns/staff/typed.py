"""What staff types about a return, checked before it is kept or mailed."""

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import urlsplit

from flask.typing import ResponseReturnValue

from shopify_app.frame import language, say
from shopify_app.money import decimal, minor

LONGEST = 2000
"""Characters of a note, a question, or a word to the buyer."""
LONGEST_NUMBER, LONGEST_ADDRESS = 100, 1000
MOST = 10**12
"""Minor units."""
BREAKS = str.maketrans("", "", "\r\n\t")


def text(typed: str, longest: int = LONGEST) -> str | None:
    """Without space around it; None when it is too long, or has signs in it that no mail can hold."""
    text = typed.strip()
    is_plain = not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in text.translate(BREAKS))
    return text if is_plain and len(text) <= longest else None


def number(typed: str) -> str | None:
    """Of a parcel, in one line; None as in `text`."""
    found = text(typed, LONGEST_NUMBER)
    return found if found is None or found.isprintable() else None


def address(typed: str) -> str | None:
    """Of a page; empty for none, None for what is no address that a buyer can be sent to."""
    found = text(typed, LONGEST_ADDRESS)
    if not found:
        return found
    try:
        parts = urlsplit(found)
        host = parts.hostname or ""
    except ValueError:
        return None
    is_good = parts.scheme == "https" and "." in host and parts.username is None
    return found if is_good and found.isprintable() and " " not in found else None


def amount(typed: str, currency: str, least: int = 1) -> int | None:
    """Minor units; None for what is no amount of this currency, or less than `least`."""
    try:
        found = minor(typed.strip() or "?", currency)
        is_exact = decimal(found, currency) == Decimal(typed.strip())
    except (ValueError, ArithmeticError):
        return None
    return found if is_exact and least <= found < MOST else None


def wrong(fields: Mapping[str, bool]) -> ResponseReturnValue:
    """The answer to a form in which those that are True cannot be taken."""
    said = language().t("This is missing, too long, or has signs in it that no mail can hold.")
    return say(said, status=422, errors={field: said for field, is_wrong in fields.items() if is_wrong})
