"""Where templates come from, and what they can say."""

from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from runtime import templates
from runtime.report import formats
from runtime.report.statistics import duration
from schemas.quantities import SECOND_NS

HEAT_FULL: Final = 0.10
"""The monthly return at which the heat table's colour is strongest."""


@cache
def environment() -> Environment:
    """Templates of this package; a name that is not given is an error."""
    made = templates.environment("runtime.report")
    made.filters |= {
        "moment": formats.moment,
        "exact_moment": formats.exact_moment,
        "money": formats.money,
        "percent": formats.percent,
        "plain": formats.plain,
        "tone": formats.tone,
        "nanoseconds": lambda span: duration(span / SECOND_NS),
        "heat": lambda value: f"{min(1.0, abs(value) / HEAT_FULL):.3f}",
    }
    made.globals["asset"] = _asset
    return made


def _asset(name: str) -> Markup:
    """One of our own files, as it is."""
    loader = PackageLoader("runtime.report", "assets")
    source, _, _ = loader.get_source(environment(), name)
    return Markup(source)
