"""From a report's data to one HTML file that needs nothing else: no network, no other file."""

from typing import Final

import msgspec

from runtime.report import figures
from runtime.report.bars import by_day, distribution
from runtime.report.bins import bins_of
from runtime.report.data import ReportData
from runtime.report.environment import environment
from runtime.report.series import timeline_json

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def render(data: ReportData) -> str:
    """The report. The same data gives the same text."""
    template = environment().get_template("report.html")
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
        by_year=figures.by_year,
        by_day=by_day,
    )


def _grouped(
    statistics: tuple[tuple[str, str, str], ...],
) -> dict[str, list[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for group, name, value in statistics:
        groups.setdefault(group, []).append((name, value))
    return groups


def _pretty(configuration: str) -> str:
    return msgspec.json.format(configuration, indent=2)
