"""From a report's data to one HTML file that needs nothing else: no network, no other file."""

from functools import cache
from typing import Final

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from runtime.report import figures, formats
from runtime.report.bars import by_day, distribution
from runtime.report.bins import bins_of
from runtime.report.data import ReportData
from runtime.report.series import timeline_json
from runtime.report.statistics import duration
from schemas.quantities import SECOND_NS

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

HEAT_FULL: Final = 0.10
"""The monthly return at which the heat table's colour is strongest."""


def render(data: ReportData) -> str:
    """The report. The same data gives the same text."""
    template = _environment().get_template("report.html")
    return template.render(
        data=data,
        facts=data.facts,
        headline=figures.headline(data),
        rules=figures.rule_counts(data),
        sources=figures.sources_of(data.quality),
        statistics=_grouped(data.statistics),
        distribution=distribution(bins_of([trip.value for trip in data.round_trips])),
        configuration=_pretty(data.facts.configuration),
        timeline=timeline_json(data),
        months=MONTHS,
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("runtime.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "moment": formats.moment,
        "exact_moment": formats.exact_moment,
        "money": formats.money,
        "percent": formats.percent,
        "plain": formats.plain,
        "tone": formats.tone,
        "nanoseconds": lambda span: duration(span / SECOND_NS),
        "heat": lambda value: f"{min(1.0, abs(value) / HEAT_FULL):.3f}",
    }
    environment.globals |= {"asset": _asset, "by_year": figures.by_year, "by_day": by_day}
    return environment


def _asset(name: str) -> Markup:
    """One of our own files, as it is."""
    loader = PackageLoader("runtime.report", "assets")
    source, _, _ = loader.get_source(_environment(), name)
    return Markup(source)


def _grouped(
    statistics: tuple[tuple[str, str, str], ...],
) -> dict[str, list[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for group, name, value in statistics:
        groups.setdefault(group, []).append((name, value))
    return groups


def _pretty(configuration: str) -> str:
    return msgspec.json.format(configuration, indent=2)
