"""One page for people: the newest window of everything, and a line for those before it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

from runtime import templates
from runtime.streams import tables
from runtime.streams.config import StreamsConfig
from runtime.streams.lane import Lane
from schemas.quantities import SECOND_NS, Nanoseconds

REFRESH_S: Final = 2

_WIDTH: Final = 160
_HEIGHT: Final = 22
_NONE: Final = "–"
_DAY_MS: Final = 86_400_000


def page(lanes: Sequence[Lane], config: StreamsConfig) -> str:
    """The page; it asks for itself again and again, and for nothing else."""
    last = _last_prices(lanes)
    now = max(last.values(), default=0)

    def with_age(row: dict[str, Any]) -> dict[str, Any]:
        # The open window knows of later prices than the one whose figures are shown.
        ts_last = last[row["log"], row["instrument"]]
        stale = now - ts_last
        is_stale = 0 < config.max_silence < stale
        return {**row, "ts_last": ts_last, "stale_s": stale / SECOND_NS, "stale": is_stale}

    return (
        _environment()
        .get_template("page.html")
        .render(
            refresh_s=REFRESH_S,
            window_s=f"{config.window_ms / 1000:g}",
            windows=config.windows,
            now=now,
            markets=[with_age(row) for row in _latest(tables.markets(lanes), "prices")],
            sources=_latest(tables.sources(lanes), "rows"),
            decisions=_latest(tables.decisions(lanes), "orders_per_min"),
            stages=_latest(tables.stages(lanes), "count"),
            logs=tables.logs(lanes),
        )
    )


def _last_prices(lanes: Iterable[Lane]) -> dict[tuple[str, str], Nanoseconds]:
    """The market time of the newest price, by log and instrument."""
    return {
        (lane.log.name, name): market.last
        for lane in lanes
        if (measured := lane.open_window) is not None
        for name, market in measured.window.markets.items()
    }


def _latest(rows: Iterable[tables.Row], drawn: str) -> list[dict[str, Any]]:
    """The newest row that is over of each thing, with all values of one column as its ``line``."""
    over = sorted((row for row in rows if not row["open"]), key=_thing)  # Stable: oldest first.
    newest: list[dict[str, Any]] = []
    for _, group in groupby(over, key=_thing):
        all_rows = list(group)
        newest.append({**all_rows[-1], "line": [row[drawn] for row in all_rows]})
    return newest


def _thing(row: tables.Row) -> tuple[str, ...]:
    return tuple(str(row.get(name, "")) for name in ("log", "instrument", "source", "stage"))


@cache
def _environment() -> Environment:
    environment = templates.environment("runtime.streams")
    environment.filters |= {
        "moment": _moment,
        "number": _or_none(lambda value: f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"),
        "share": _or_none(lambda value: f"{value:.0%}"),
        "seconds": _or_none(lambda value: f"{value:,.1f} s"),
        "ms": _or_none(lambda value: f"{value:,.2f} ms" if value < _DAY_MS else "history"),
        "line": _line,
    }
    return environment


def _moment(ts: Nanoseconds) -> str:
    return f"{datetime.fromtimestamp(ts // SECOND_NS, UTC):%Y-%m-%d %H:%M:%S}" if ts else _NONE


def _or_none(form: Callable[[float], str]) -> Callable[[float | None], str]:
    return lambda value: _NONE if value is None else form(value)


def _line(values: Sequence[float]) -> Markup:
    """A line from the oldest value to the newest, from zero up to the largest."""
    top = max(values) or 1.0
    step = _WIDTH / max(len(values) - 1, 1)
    points = " ".join(
        f"{index * step:.1f},{_HEIGHT - 1 - value / top * (_HEIGHT - 2):.1f}"
        for index, value in enumerate(values)
    )
    return Markup('<svg width="{}" height="{}"><polyline points="{}"/></svg>').format(
        _WIDTH, _HEIGHT, points
    )
