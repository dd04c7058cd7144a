"""When people sleep, where they live."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the wall clock in which nobody gets marketing; the same twice is none."""

    begins: time = time(21)
    ends: time = time(8)

    def covers(self, moment: datetime, zone: tzinfo) -> bool:
        clock = moment.astimezone(zone).time()
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends

    def over(self, moment: datetime, zone: tzinfo) -> datetime:
        """The first moment from this one on that is not covered, in UTC.

        Where the clocks jump over the end, it is later by as much as they jump at the most.
        """
        if not self.covers(moment, zone):
            return moment.astimezone(UTC)
        today = moment.astimezone(zone).date()
        ends = (
            datetime.combine(today + timedelta(days=days), self.ends, zone).replace(fold=fold).astimezone(UTC)
            for days in (0, 1)
            for fold in (0, 1)
        )
        return min(end for end in ends if end > moment and not self.covers(end, zone))
