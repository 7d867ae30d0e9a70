"""Finished runs held against each other: what they were told, and what they came to."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from events.leaves import leaves
from events.replay import Difference, compare
from runtime.backends import journal_of
from runtime.home import RunDirectory
from runtime.replaying import started_of, steps_of
from runtime.results import BacktestResult, read_result
from schemas.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Runs side by side.

    Attributes:
        configuration: the settings that are not the same, each with its value in every run.
        first_difference: of the first two runs' decisions.
    """

    results: tuple[BacktestResult, ...]
    configuration: dict[str, tuple[str, ...]]
    first_difference: Difference | None


def compare_runs(directories: Sequence[RunDirectory]) -> Comparison:
    """Compare two finished runs or more.

    Raises:
        UserError: there is only one, or one of them is not finished.
    """
    if len(directories) < 2:
        raise UserError("compare: name two runs or more; `wakeline runs` lists them")
    results = tuple(read_result(directory.result) for directory in directories)
    journals = [journal_of(directory) for directory in directories]
    settings = [
        _settings(started_of(journal, directory.run).configuration)
        for journal, directory in zip(journals, directories, strict=True)
    ]
    names = dict.fromkeys(name for setting in settings for name in setting)
    values = {name: tuple(setting.get(name, "") for setting in settings) for name in names}
    return Comparison(
        results=results,
        configuration={name: row for name, row in values.items() if len(set(row)) > 1},
        first_difference=compare(steps_of(journals[0]), steps_of(journals[1])).first_difference,
    )


def _settings(configuration: str) -> dict[str, str]:
    """Every setting by its path; what is empty sets nothing."""
    tree = leaves(msgspec.json.decode(configuration))
    return {path: str(value) for path, value in tree if value not in ({}, [])}
