"""A model's card as a page for people."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from actors.patterns.models.card import CLASSES, FIGURES, Card, Measured, TeacherUsed
from schemas.quantities import SECOND_NS

PAGE: Final = "card.md"


def card_page(card: Card) -> str:
    """Markdown that says what the model is, what it learned from and how good it was."""
    return "\n".join((*_head(card), *_quality(card), *_calibration(card))) + "\n"


def _head(card: Card) -> Iterator[str]:
    down, flat, up = card.classes
    labels = card.labels
    yield f"# {card.name}\n"
    yield f"- Digest: `{card.digest}`; ONNX file: `{card.network_digest}`"
    yield f"- Reads: {card.interval} bars, features `{card.features}` (`{card.features_digest}`)"
    yield (
        f"- Says: {labels.method.replace('_', ' ')} over {labels.horizon} bars,"
        f" width {labels.width} deviations; {', '.join(card.architecture.patterns)}"
    )
    yield f"- Instruments: {', '.join(card.instruments)}"
    yield f"- Data: {_date(card.span[0])} to {_date(card.span[1])} UTC"
    yield from (f"  - `{each.source}`, {each.rows:,} rows" for each in card.data)
    yield f"- Learned from {card.samples:,} outcomes: {down:,} down, {flat:,} flat, {up:,} up"
    yield from _teacher(card.teacher)
    yield f"- {card.parameters:,} weights, {card.epochs} epochs, temperature {card.temperature:.3f}"
    yield f"- Configuration `{card.config_digest}`, code `{card.code_digest}`"


def _teacher(teacher: TeacherUsed | None) -> Iterator[str]:
    if teacher is None:
        return
    yield (
        f"- Taught by `{teacher.recogniser}` in run `{teacher.run}`: {teacher.samples:,} outcomes,"
        f" weight {teacher.weight:g}; answers `{teacher.digest}` of {', '.join(teacher.models)}"
    )
    if teacher.agreement is not None and teacher.accuracy is not None:
        yield (
            f"  - out of sample it says what its teacher says in {_cell(teacher.agreement)} of the"
            f" answers, of which {_cell(teacher.accuracy)} came true"
        )


def _quality(card: Card) -> Iterator[str]:
    yield "\n## Quality\n"
    yield f"Over {card.folds} purged walk-forward folds, {card.tested:,} outcomes out of sample:"
    yield "mean, and standard error over folds. `gain` is the majority's log-loss less the judge's."
    yield "`shuffled` learned from outcomes dealt out at random and must gain nothing.\n"
    yield f"| judge | {' | '.join(name.replace('_', ' ') for name in FIGURES)} |"
    yield "|---|" + "---:|" * len(FIGURES)
    for judge, metrics in card.metrics.items():
        yield f"| {judge} | {' | '.join(_cell(metrics[name]) for name in FIGURES)} |"


def _calibration(card: Card) -> Iterator[str]:
    yield "\n## Calibration\n"
    yield "| confidence | accuracy | answers |"
    yield "|---:|---:|---:|"
    for point in card.curve:
        yield f"| {point.confidence:.3f} | {point.accuracy:.3f} | {point.count:,} |"
    yield f"\n| came, said | {' | '.join(CLASSES)} |"
    yield "|---|---:|---:|---:|"
    for name, row in zip(CLASSES, card.confusion, strict=False):
        yield f"| {name} | {' | '.join(f'{count:,}' for count in row)} |"


def _cell(measured: Measured) -> str:
    return f"{measured.mean:.4f} ± {measured.error:.4f}"


def _date(ts: int) -> str:
    return f"{datetime.fromtimestamp(ts // SECOND_NS, UTC):%Y-%m-%d %H:%M}"
