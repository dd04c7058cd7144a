"""When people sleep, where they live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the wall clock in which nobody gets marketing; the same twice is none."""

    begins: time = time(21)
    ends: time = time(8)

    def covers(self, moment: datetime, zones: Sequence[tzinfo]) -> bool:
        """Whether it is quiet in one of these zones."""
        return any(self._is_quiet(moment, zone) for zone in self._counting(moment, zones))

    def over(self, moment: datetime, zones: Sequence[tzinfo]) -> datetime:
        """The first moment from this one on that is not covered, in UTC.

        Where the clocks jump over the end, it is later by as much as they jump at the most.
        """
        if not self.covers(moment, zones):
            return moment.astimezone(UTC)
        ends = [end for zone in zones for end in self._ends(moment, zone)]
        return min(end for end in ends if end > moment and not self.covers(end, zones))

    def _counting(self, moment: datetime, zones: Sequence[tzinfo]) -> Sequence[tzinfo]:
        """All of them, unless it is always quiet in one: then only the first counts."""
        if len(zones) == 1:
            return zones
        clocks = [moment.astimezone(zone).replace(tzinfo=None) for zone in zones]
        today = moment.date()
        length = (datetime.combine(today, self.ends) - datetime.combine(today, self.begins)) % timedelta(days=1)
        return zones if max(clocks) - min(clocks) + length < timedelta(hours=23) else zones[:1]

    def _is_quiet(self, moment: datetime, zone: tzinfo) -> bool:
        clock = moment.astimezone(zone).time()
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends

    def _ends(self, moment: datetime, zone: tzinfo) -> Sequence[datetime]:
        today = moment.astimezone(zone).date()
        return [
            datetime.combine(today + timedelta(days=days), self.ends, zone).replace(fold=fold).astimezone(UTC)
            for days in (0, 1, 2)
            for fold in (0, 1)
        ]
