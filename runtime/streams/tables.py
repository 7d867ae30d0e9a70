"""The live tables: what the windows of all logs say, a row for each thing in each window."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from actors.monitoring.folding import Measured, stage_measurements
from events.backends.kafka.marks import Kind
from runtime.streams.lane import Lane
from schemas.quantities import SECOND_NS

type Row = Mapping[str, object]

_MINUTE_S: Final = 60


def markets(lanes: Iterable[Lane]) -> list[Row]:
    """Pace, spread and staleness of each instrument; times in UTC nanoseconds."""
    return [
        {
            **_place(lane, measured, is_open=is_open),
            "instrument": name,
            "prices": market.prices,
            "prices_per_s": market.prices * SECOND_NS / measured.window.length,
            "spread_bps": market.spread_bps,
            # Of an open window it is not known yet how long it was silent to its end.
            "silence_s": None if is_open else (measured.window.end - market.last) / SECOND_NS,
            "ts_last": market.last,
        }
        for lane, measured, is_open in _measured(lanes)
        for name, market in sorted(measured.window.markets.items())
    ]


def sources(lanes: Iterable[Lane]) -> list[Row]:
    """Rows and gaps of each source: of its own log, and as far as a cell consumed them."""
    return [
        {
            **_place(lane, measured, is_open=is_open),
            "source": name,
            "rows": rows,
            "rows_per_s": rows * SECOND_NS / measured.window.length,
            "gaps": measured.window.counts.get("gaps", 0) if lane.log.kind is Kind.ROWS else None,
        }
        for lane, measured, is_open in _measured(lanes)
        for name, rows in sorted(measured.window.rows.items())
    ]


def decisions(lanes: Iterable[Lane]) -> list[Row]:
    """How many signals, orders, vetoes and fills a minute a cell had, and the share of vetoes."""
    return [
        {
            **_place(lane, measured, is_open=is_open),
            **{
                f"{name}_per_min": measured.window.rate(name) * _MINUTE_S
                for name in ("signals", "withheld", "orders", "vetoes", "fills")
            },
            "veto_rate": _veto_rate(measured),
        }
        for lane, measured, is_open in _measured(lanes)
        if lane.log.kind is Kind.STEPS
    ]


def stages(lanes: Iterable[Lane]) -> list[Row]:
    """How long it took to learn of a row, to record a step, and to make either durable."""
    return [
        {
            **_place(lane, measured, is_open=is_open),
            "stage": name,
            **stage_measurements(stage),
        }
        for lane, measured, is_open in _measured(lanes)
        for name, stage in sorted(measured.stages.items())
    ]


def logs(lanes: Iterable[Lane]) -> list[Row]:
    """How far each log was read, and what in it could not be."""
    return [
        {
            "log": lane.log.name,
            "topic": lane.log.topic,
            "offset": lane.offset,
            "numbers": lane.number,
            "sealed": lane.sealed,
            "superseded": lane.superseded,
            "unreadable": lane.unreadable,
            "faults": [{"offset": each.offset, "reason": each.reason} for each in lane.faults],
        }
        for lane in lanes
    ]


TABLES: Final = {
    "markets": markets,
    "sources": sources,
    "decisions": decisions,
    "stages": stages,
    "logs": logs,
}
"""Every table, by the name in its address."""


def _measured(lanes: Iterable[Lane]) -> Iterator[tuple[Lane, Measured, bool]]:
    """All windows of all logs, oldest first, and whether each is still open."""
    for lane in lanes:
        for measured in lane.windows:
            yield lane, measured, False
        if lane.open_window is not None:
            yield lane, lane.open_window, True


def _place(lane: Lane, measured: Measured, *, is_open: bool) -> Row:
    return {"log": lane.log.name, "ts_start": measured.window.start, "open": is_open}


def _veto_rate(measured: Measured) -> float | None:
    orders = measured.window.counts.get("orders", 0)
    return measured.window.counts.get("vetoes", 0) / orders if orders else None
