"""Whether a marketing message goes out: all features ask here, and none of them knows of another."""

from collections.abc import Callable, Sequence

from shopify_app.mail.models import Basis, Message
from shopify_app.mail.verdict import Mail, Reader, Skip, Wait
from shopify_app.shopify.models import Shop

Pause = Callable[[Shop, Message, Reader], str | None]

_pauses: list[Pause] = []
_bases: dict[str, Sequence[Basis]] = {}


def pauses(function: Pause) -> Pause:
    """Marks a function that knows of trouble with a person's order: the reason to be silent for now, or None."""
    _pauses.append(function)
    return function


def may_rely(template: str, basis: Sequence[Basis]) -> None:
    _bases[template] = basis


def look(shop: Shop, message: Message, mail: Mail) -> Skip | Wait | None:
    """None: it may go. Raises TypeError for a mail that does not say for whom it is."""
    if mail.reader is None:
        raise TypeError("a marketing message without a reader")
    return None
