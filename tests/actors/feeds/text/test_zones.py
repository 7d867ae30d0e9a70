"""Wall clocks of markets, in summer, in winter, and on the days between."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from actors.feeds.errors import FeedError
from actors.feeds.text.zones import NEW_YORK, to_utc
from tests.actors.feeds.material import ns


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        (NEW_YORK, "2013-10-08T09:30", "2013-10-08T13:30"),
        (NEW_YORK, "2013-11-04T09:30", "2013-11-04T14:30"),
        (NEW_YORK, "2014-03-09T01:59:59.999", "2014-03-09T06:59:59.999"),
        (NEW_YORK, "2014-03-09T03:00", "2014-03-09T07:00"),
        (NEW_YORK, "2014-11-02T01:30", "2014-11-02T05:30"),
        (NEW_YORK, "2014-11-02T02:00", "2014-11-02T07:00"),
        ("-05:00", "2014-07-01T00:00", "2014-07-01T05:00"),
        ("+05:30", "2014-07-01T00:00", "2014-06-30T18:30"),
        ("UTC", "2014-07-01T00:00", "2014-07-01T00:00"),
    ],
)
def test_a_wall_clock_time_is_one_instant(zone: str, wall: str, utc: str) -> None:
    assert to_utc(np.array([ns(wall)]), zone).tolist() == [ns(utc)]


def test_agrees_with_python_on_every_hour_of_a_year_with_both_changes() -> None:
    hours = np.arange(ns("2014-01-01"), ns("2015-01-01"), ns("1970-01-01T01"))
    zone = ZoneInfo(NEW_YORK)
    for wall, found in zip(hours.tolist(), to_utc(hours, NEW_YORK).tolist(), strict=True):
        local = datetime.fromisoformat(str(np.datetime64(wall, "ns"))[:19]).replace(tzinfo=zone)
        skipped = local.replace(fold=1).utcoffset() > local.utcoffset()  # type: ignore[operator]
        if not skipped:
            assert found == int(local.timestamp()) * 10**9


def test_an_unknown_zone_is_the_users_error() -> None:
    with pytest.raises(FeedError, match="unknown time zone 'Mars/Olympus'"):
        to_utc(np.array([0]), "Mars/Olympus")
