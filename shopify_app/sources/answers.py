"""What a source may answer when it is asked for a parcel, and what may go wrong with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, NamedTuple, Protocol


class Said(NamedTuple):
    """One scan."""

    status: str
    """In Shopify's words; another word is shown, but decides nothing."""
    happened_at: datetime
    place: Mapping[str, Any]
    """message, city and country, as a parcel event of Shopify's has them."""


class Answer(NamedTuple):
    scans: Sequence[Said]
    estimated_delivery_at: datetime | None
    """Noon of the day, where the parcel goes to."""


class Source(Protocol):
    @property
    def name(self) -> str:
        """As it stands beside what it said."""

    @property
    def carriers(self) -> Sequence[str]:
        """Names that a person can choose from."""

    def knows(self, carrier: str | None) -> bool:
        """Whether it can be asked for parcels of this carrier, as Shopify or the source itself names it."""

    def ask(self, carrier: str, number: str, there: tzinfo) -> Answer:
        """All that is known of a parcel. `there`: where it goes to, for times without a zone and a country. Raises one
        of the SourceError family; no transaction may be open.
        """


class SourceError(Exception):
    """Any failure of a call to a source."""


class Unknown(SourceError):
    """It answered, but cannot tell of this parcel: nobody's fault, and no reason not to ask for the next."""


class Unavailable(SourceError):
    """No answer, none in time, or none that makes sense."""


class Throttled(SourceError):
    """We have asked too often; `wait` is in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"throttled for {wait:.0f} s")
        self.wait = wait


class Unauthorized(SourceError):
    """Our key does not open it."""
