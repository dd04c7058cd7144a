"""What can be said of a message at the last look: this is it, not at all, or not yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from shopify_app import clock
from shopify_app.shopify.errors import ShopifyError, Throttled

SILENT = timedelta(minutes=10)
"""Until a shop is asked again that did not answer."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a message is for, as far as the budget has to know."""

    customer_id: int | None
    """Shopify's; None where nobody has told it: then the address alone says who it is."""
    country_code: str | None
    """Where the person lives, as in "DE"; None: unknown, and then the strictest law holds."""
    zones: Sequence[tzinfo]
    """What time it is there; several where all that is known is a country that has several."""
    agreed_at: datetime | None = None
    """When the person ticked the box for news at a checkout that left no customer behind. It counts only where Shopify
    knows no customer with this address."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as it goes out."""

    to: str
    subject: str
    text: str
    html: str
    reader: Reader | None = None
    """Every marketing message has one."""
    expires_at: datetime | None = None
    """From when on a marketing message is not worth sending: one that would have to wait longer ends at once."""
    facts: Mapping[str, str | int] = field(default_factory=dict)
    """What the merchant may read of it later; nothing that names a person."""
    last: "Callable[[], Mail | Skip | Wait] | None" = None
    """What is decided only once the budget has agreed to a marketing message, as in chance and codes: what goes out
    instead of this one, or why nothing does. For the same reader."""


@dataclass(frozen=True, slots=True)
class Skip:
    """The last look before sending says no."""

    reason: str
    """A key that the merchant's pages put into words, and what its sentence has blanks for: texts and numbers."""
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wait:
    """The last look before sending says: not yet."""

    until: datetime
    reason: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


class Unready(Exception):
    """A merchant's words need a value that this person does not have: nothing can be sent before they are mended."""


def silent(error: ShopifyError) -> Wait:
    """A shop that does not answer is asked again until the message is too old."""
    pause = timedelta(seconds=error.wait) if isinstance(error, Throttled) else SILENT
    return Wait(clock.now() + pause, "shop_silent")
