"""Ways of writing time."""

from datetime import date

import pyarrow as pa
import pytest

from actors.feeds.text.clocks import (
    DAY_NS,
    Epoch,
    EpochUnit,
    Iso8601,
    Stamp,
    TimeOfDay,
    epoch_unit,
    offset_of,
)
from tests.actors.feeds.material import HOUR, ns


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1625097621", EpochUnit.SECONDS),
        ("1625097621.647", EpochUnit.SECONDS),
        ("1730419200000", EpochUnit.MILLISECONDS),
        ("1735689600000000", EpochUnit.MICROSECONDS),
        ("1735689600000000000", EpochUnit.NANOSECONDS),
    ],
)
def test_tells_the_unit_of_an_epoch_by_its_magnitude(text: str, unit: EpochUnit) -> None:
    assert epoch_unit(text) is unit


def test_fractions_of_an_epoch_are_exact_to_the_nanosecond() -> None:
    found = Epoch(EpochUnit.SECONDS).read(pa.array(["1625097621.647", "1625097621.123456789"]))
    assert found.values.tolist() == [1_625_097_621_647_000_000, 1_625_097_621_123_456_789]


def test_an_epoch_of_another_unit_in_the_same_file_is_refused() -> None:
    found = Epoch(EpochUnit.MICROSECONDS).read(
        pa.array(["1735689600000000", "1735689600000000000"])
    )
    assert dict(found.faults) == {1: "too_large"} or dict(found.faults) == {1: "time_out_of_range"}


def test_milliseconds_of_a_day_may_have_decimals_and_end_with_it() -> None:
    clock = TimeOfDay(date(2014, 5, 7), "UTC")
    found = clock.read(pa.array(["6.949", "86400000", "86400001", "-1", "x"]))
    assert found.values[:2].tolist() == [ns("2014-05-07T00:00:00.006949"), ns("2014-05-08")]
    assert dict(found.faults) == {
        2: "time_out_of_range",
        3: "time_out_of_range",
        4: "not_a_number",
    }


def test_a_day_later_is_midnight_again_even_when_clocks_change() -> None:
    clock = Stamp("%Y%m%d %H:%M", "America/New_York")
    found = clock.read(pa.array(["20140309 00:00"]), later_ns=DAY_NS)
    assert found.values.tolist() == [ns("2014-03-10T04:00")]  # 23 hours after 05:00


def test_an_hour_later_is_an_hour_later_even_when_clocks_change() -> None:
    clock = Stamp("%Y%m%d %H:%M", "America/New_York")
    found = clock.read(pa.array(["20140309 01:00"]), later_ns=HOUR)
    assert found.values.tolist() == [ns("2014-03-09T07:00")]


def test_a_stamp_of_another_form_is_no_time() -> None:
    found = Stamp("%Y%m%d %H:%M", "UTC").read(pa.array(["20140309 00:00", "2014-03-09"]))
    assert dict(found.faults) == {1: "not_a_time"}


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2013-02-01 00:00:00+00:00", "+00:00"),
        ("2013-02-01T00:00:00Z", "+00:00"),
        ("2013-02-01T00:00:00.5-0500", "-05:00"),
        ("2013-02-01T00:00:00+02", "+02:00"),
        ("2013-02-01T00:00:00", ""),
        ("2013-02-01", ""),
    ],
)
def test_finds_the_offset_of_a_time(text: str, offset: str) -> None:
    assert offset_of(text) == offset


def test_iso_times_with_offset_are_instants() -> None:
    found = Iso8601("-05:00").read(
        pa.array(["2013-02-01T00:00:00-05:00", "2013-02-01 01:00:00-0500"])
    )
    assert found.values.tolist() == [ns("2013-02-01T05:00"), ns("2013-02-01T06:00")]
    assert found.foreign is None


@pytest.mark.parametrize("stranger", ["2013-02-01T00:00:00+02:00", "2013-02-01T00:00:00"])
def test_a_time_of_another_zone_is_foreign(stranger: str) -> None:
    found = Iso8601("+00:00").read(pa.array(["2013-02-01T00:00:00Z", "x", stranger]))
    assert found.foreign == 2


def test_naive_times_are_of_the_zone_that_was_said() -> None:
    found = Iso8601("", "America/New_York").read(pa.array(["2013-10-08T09:30:00.25"]))
    assert found.values.tolist() == [ns("2013-10-08T13:30:00.25")]


def test_cells_without_a_time_are_told_from_cells_with_a_wrong_one() -> None:
    found = Iso8601("").read(pa.array(["2013-02-01", "", "yesterday"]))
    assert dict(found.faults) == {1: "missing", 2: "not_a_time"}
