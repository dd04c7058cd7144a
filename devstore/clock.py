"""The store's time: real time plus an offset that control moves forward."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


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


class AppClock:
    """The time the app lives in: real time plus the seconds in a file that both read. Signatures are dated with it.

    file None: the app follows real time, whatever the store's clock says.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset()

    def forward(self, by: timedelta) -> None:
        """Take the app along."""
        if self._file is not None:
            written = self._file.with_suffix(".new")
            written.write_text(str((self._offset() + by).total_seconds()))
            os.replace(written, self._file)

    def _offset(self) -> timedelta:
        if self._file is None or not self._file.exists():
            return timedelta()
        return timedelta(seconds=float(self._file.read_text() or 0))
