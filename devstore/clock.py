"""The store's time: real time plus an offset that control moves forward."""

from datetime import UTC, datetime, timedelta


class Clock:
    """`offset` is what has been added to real time; never negative."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def forward(self, by: timedelta) -> datetime:
        """Move the store's time ahead; ValueError when asked to go back. Gives the new time."""
        if by < timedelta():
            raise ValueError("time only goes forward")
        self.offset += by
        return self.now()
