"""The few numbers at the head of a report, and what tables show beside the bare data."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from projections.analytics.profits import profit_factor
from runtime.report.data import Account, DataQuality, MonthReturn, ReportData
from runtime.report.formats import money, percent, tone


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name, its tone and a word of explanation."""

    name: str
    value: str
    tone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule stopped something; ``share`` is of the rule that did so most often."""

    what: str
    rule: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class SourceQuality:
    """One source's rows, and those it had refused, by reason."""

    source: str
    accepted: int
    refused: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def share_refused(self) -> float:
        """Refused rows as a fraction of all."""
        rows = self.accepted + self.refused
        return self.refused / rows if rows else 0.0


def headline(data: ReportData) -> tuple[Figure, ...]:
    """What a reader looks for first."""
    counts = dict(data.facts.counts)
    trips = data.round_trips
    won = sum(trip.profit > 0 for trip in trips)
    factor = profit_factor([float(trip.profit) for trip in trips])
    return (
        *(figure for account in data.accounts for figure in _worth(account)),
        Figure("Round trips", f"{len(trips):,}", note=f"{counts.get('fills', 0):,} fills"),
        Figure("Won", percent(won / len(trips), 1) if trips else "–", note=f"{won:,} of them"),
        Figure("Profit factor", f"{factor:.2f}" if factor is not None else "–"),
        Figure(
            "Stopped",
            f"{len(data.vetoes) + len(data.withheld) + len(data.rejections):,}",
            note=_stopped(data),
        ),
    )


def _stopped(data: ReportData) -> str:
    counted = (
        (len(data.withheld), "withheld"),
        (len(data.vetoes), "vetoed"),
        (len(data.rejections), "rejected"),
    )
    return ", ".join(f"{count:,} {what}" for count, what in counted if count) or "nothing"


def rule_counts(data: ReportData) -> tuple[RuleCount, ...]:
    """What stopped something, vetoes and withheld signals by rule, the most frequent first."""
    counted = Counter([("order vetoed", veto.rule) for veto in data.vetoes])
    counted.update(("signal withheld", held.rule) for held in data.withheld)
    if data.rejections:
        counted["order rejected", "by the venue"] = len(data.rejections)
    most = max(counted.values(), default=1)
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(RuleCount(what, rule, count, count / most) for (what, rule), count in ranked)


def sources_of(quality: DataQuality) -> tuple[SourceQuality, ...]:
    """Each source with its refused rows; a source may have had nothing else."""
    accepted = dict(quality.rows)
    names = sorted({*accepted, *(source for source, _, _ in quality.refused)})
    return tuple(
        SourceQuality(
            source=name,
            accepted=accepted.get(name, 0),
            refused=sum(count for source, _, count in quality.refused if source == name),
            reasons=tuple((why, n) for source, why, n in quality.refused if source == name),
        )
        for name in names
    )


def by_year(
    months: Sequence[MonthReturn],
) -> tuple[tuple[int, dict[int, MonthReturn], float], ...]:
    """Years with their months by number, and the year's return compounded of them."""
    years = []
    for year, own in groupby(months, key=lambda month: month.year):
        row = {month.month: month for month in own}
        total = Decimal(1)
        for month in row.values():
            total *= 1 + Decimal(month.value)
        years.append((year, row, float(total - 1)))
    return tuple(years)


def _worth(account: Account) -> tuple[Figure, ...]:
    gained = account.end - account.start
    share = float(gained / account.start) if account.start else 0.0
    return (
        Figure(
            "Net profit",
            f"{money(gained, sign=True)}",
            tone(gained),
            f"{account.currency}, {account.name}",
        ),
        Figure(
            "Return",
            percent(share, sign=True),
            tone(share),
            f"from {money(account.start)}",
        ),
        Figure("Max drawdown", percent(account.drawdown_max), "", "of the peak"),
    )
