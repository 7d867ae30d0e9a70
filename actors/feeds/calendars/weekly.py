"""Calendars that repeat every week, and of markets that never close.

Holidays are not in them: a holiday shows as a gap that was not expected.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from schemas.quantities import SECOND_NS, Nanoseconds, nanoseconds

_MON, _TUE, _WED, _THU, _FRI, _SUN = 0, 1, 2, 3, 4, 6


@dataclass(frozen=True, slots=True)
class Session:
    """Open from a weekday (Monday is 0) and time on for some hours, by the calendar's clock."""

    weekday: int
    opens: time
    hours: float


@dataclass(frozen=True, slots=True)
class WeeklyCalendar:
    """Sessions by the wall clock of one zone. A session lasts at most a week."""

    zone: str
    sessions: tuple[Session, ...]

    def open_ns(self, start: Nanoseconds, end: Nanoseconds) -> int:
        """How long the market was to be open between two times, in nanoseconds."""
        zone = ZoneInfo(self.zone)
        day = _day_of(start) - timedelta(days=8)
        total = 0
        while day <= _day_of(end) + timedelta(days=1):
            for session in self.sessions:
                if day.weekday() == session.weekday:
                    opens = datetime.combine(day, session.opens, zone)
                    # Adding to a local time moves the wall clock: right when clocks change.
                    closes = opens + timedelta(hours=session.hours)
                    total += max(min(nanoseconds(closes), end) - max(nanoseconds(opens), start), 0)
            day += timedelta(days=1)
        return total


class AlwaysOpen:
    """A market without closing time, such as crypto's."""

    def open_ns(self, start: Nanoseconds, end: Nanoseconds) -> int:
        """All of it."""
        return end - start


def _day_of(ts: Nanoseconds) -> date:
    return datetime.fromtimestamp(ts // SECOND_NS, UTC).date()


FX_WEEK: Final = WeeklyCalendar("America/New_York", (Session(_SUN, time(17), 5 * 24),))
"""Sunday 17:00 to Friday 17:00 in New York."""

METALS_WEEK: Final = WeeklyCalendar(
    "America/New_York",
    tuple(Session(day, time(18), 23) for day in (_SUN, _MON, _TUE, _WED, _THU)),
)
"""As foreign exchange, with an hour's break at 17:00."""

GLOBEX_WEEK: Final = WeeklyCalendar(
    "America/Chicago",
    tuple(Session(day, time(17), 22.25) for day in (_SUN, _MON, _TUE, _WED, _THU))
    + tuple(Session(day, time(15, 30), 0.5) for day in (_MON, _TUE, _WED, _THU, _FRI)),
)
"""CME Globex, roughly: Sunday 17:00 to Friday 16:00 in Chicago, closed 16:00 to 17:00 and, as
equity index futures were until 2021, 15:15 to 15:30."""
