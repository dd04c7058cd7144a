"""Tracking numbers that cannot be right: many carriers end theirs with a check digit."""

import re

from tracking_numbers import DEFINITIONS

EVERYWHERE = ("s10", "ups")
"""Forms that belong to one maker whoever carries the parcel: the post's AA123456785DE, and 1Z…"""


def is_mistyped(carrier: str | None, number: str | None) -> bool:
    """Whether it looks like a number of this carrier, and its check digit says that it is none.

    False for what we cannot judge: carriers have more forms than anybody knows.
    """
    plain = re.sub(r"[\s-]", "", number or "").upper()
    read = [(one.courier.code, one.test(plain)) for one in DEFINITIONS]
    known = [(code, found) for code, found in read if found is not None]
    if any(found.valid for _, found in known):
        return False
    return any(code in EVERYWHERE or code in (carrier or "").casefold() for code, _ in known)
