"""What a person typed into a form, made safe to keep and to mail."""

import unicodedata
from collections.abc import Mapping

LONGEST = 2000
"""Characters of a text."""


def text(form: Mapping[str, str], name: str) -> str:
    """Without signs that no page and no mail can hold, cut where it is too long."""
    plain = form.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
    kept = (sign for sign in plain if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs", "Cn", "Co"))
    return "".join(kept).strip()[:LONGEST]


def stars(form: Mapping[str, str], name: str) -> int | None:
    """1 to 5; None for nothing. Raises ValueError for anything else."""
    given = form.get(name, "")
    if not given:
        return None
    if given not in ("1", "2", "3", "4", "5"):
        raise ValueError(name)
    return int(given)


def number(text: str) -> int | None:
    """Of a row, as an address names it; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
