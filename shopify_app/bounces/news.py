"""What every mail provider's news is turned into."""

from typing import NamedTuple


class Back(NamedTuple):
    """A mail came back for good, or was complained about."""

    reader: str
    """The token that the mail bore (mail/returning.py)."""
    reason: str
    """refusals.BOUNCED or refusals.COMPLAINED."""


class Forged(Exception):
    """Not from the provider that it says to be from."""
