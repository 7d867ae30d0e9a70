"""Training from files to a model in the home: read, judge by folds, fit on all, export, keep."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import msgspec
import numpy as np

from actors.patterns.features.feature_set import feature_set
from actors.patterns.labels.walk_forward import final_split
from actors.patterns.models.architecture import DIRECTIONS
from actors.patterns.models.card import (
    CARD,
    NETWORK,
    WEIGHTS,
    Card,
    DataUsed,
    TeacherUsed,
    file_digest,
    model_digest,
)
from actors.patterns.models.examples import Examples
from actors.patterns.models.fitting_config import Epoch
from events.backends.sqlite.database import Durability
from events.backends.sqlite.market_log import SqliteMarketLog
from events.market_log import MarketLog
from runtime.home import Home
from runtime.ingesting import ingest_all
from runtime.instruments import KnownInstrument
from runtime.training.bars import observed_bars
from runtime.training.card_page import PAGE, card_page
from runtime.training.config import TrainingConfig
from runtime.training.fitting import fit_model
from runtime.training.preparing import examples_of
from runtime.training.provenance import training_digest
from runtime.training.registry import Registry
from runtime.training.teaching import Lessons
from runtime.training.walking import Walked, walked
from schemas.quantities import Nanoseconds, nanoseconds

if TYPE_CHECKING:
    from actors.patterns.models.fitting import Fitted


class Watcher(Protocol):
    """Who is told how far a training is."""

    def reading(self, source: str, rows: int) -> None:
        """So many rows of a source were read from files."""
        ...

    def fitting(self, part: str, epoch: Epoch) -> None:
        """A part of the work has finished an epoch."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A model that was kept, and where."""

    card: Card
    folder: Path


_ALL: Final = "all data"


def train(
    home: Home, config: TrainingConfig, watcher: Watcher, lessons: Lessons | None = None
) -> Trained:
    """Train a model and keep it. The same call goes on where a killed one stopped, and comes to the
    same model on the same kind of machine.

    Args:
        lessons: what a teacher said in a recorded run.

    Raises:
        UserError: a file, the configuration, the home or its disk needs a person.
        TooFewSamples: the data do not fill the folds.
        NoDevice: a GPU was asked for and there is none.
    """
    with home.held("train"):
        log = SqliteMarketLog(home.market, Durability.PROCESS_CRASH)
        ingested = ingest_all(log, config.data, watcher.reading, config.instruments)
        sources = tuple(each.source for each in ingested)
        examples = _prepared(log, sources, config, lessons)
        unfinished = home.training / _work(config, sources, lessons)
        unfinished.mkdir(parents=True, exist_ok=True)
        judged = walked(examples, config, unfinished, watcher.fitting)
        fold = final_split(examples.start, examples.end, config.splits)
        told = partial(watcher.fitting, _ALL)
        fitted = fit_model(config, examples, fold, unfinished / "all", told)
        teacher = _teacher_used(lessons, examples, judged)
        data = _data_used(log, sources)
        card, files = _carded(data, config, examples, judged, fitted, teacher)
        folder = Registry(home).keep(files, card)
        shutil.rmtree(unfinished)
    return Trained(card=card, folder=folder)


def _prepared(
    log: MarketLog, sources: Sequence[str], config: TrainingConfig, lessons: Lessons | None
) -> Examples:
    observed = observed_bars(
        log, sources, config.interval, from_ts=_ns(config.start), to_ts=_ns(config.end)
    )
    return examples_of(observed, config, lessons)


def _ns(moment: datetime | None) -> Nanoseconds | None:
    return None if moment is None else nanoseconds(moment)


def _work(config: TrainingConfig, sources: Sequence[str], lessons: Lessons | None) -> str:
    """Names the unfinished work: another configuration, teacher, data or code begins anew."""
    taught = (lessons.digest,) if lessons else ()
    said = "/".join((config.digest(), *taught, *sources, training_digest()))
    return blake2b(said.encode(), digest_size=8).hexdigest()


def _data_used(log: MarketLog, sources: Sequence[str]) -> tuple[DataUsed, ...]:
    return tuple(
        DataUsed(
            source=source,
            instrument=KnownInstrument.at_head_of(log, source).instrument.id,
            rows=log.end(source),
        )
        for source in sources
    )


def _teacher_used(
    lessons: Lessons | None, examples: Examples, judged: Walked
) -> TeacherUsed | None:
    if lessons is None or examples.taught is None:
        return None
    return TeacherUsed(
        recogniser=lessons.config.recogniser,
        run=lessons.run,
        digest=lessons.digest,
        models=lessons.models,
        samples=int((examples.taught.spoke & examples.labelled).sum()),
        weight=lessons.config.weight,
        agreement=judged.agreement,
        accuracy=judged.accuracy,
    )


def _classes(examples: Examples) -> tuple[int, int, int]:
    """How often each outcome occurs: down, flat, up."""
    counts = np.bincount(examples.direction[examples.labelled], minlength=DIRECTIONS)
    down, flat, up = (int(count) for count in counts)
    return down, flat, up


def _carded(
    data: tuple[DataUsed, ...],
    config: TrainingConfig,
    examples: Examples,
    judged: Walked,
    fitted: "Fitted",
    teacher: TeacherUsed | None,
) -> tuple[Card, dict[str, bytes]]:
    from actors.patterns.models.export import onnx_of, weights_of

    weights, network = weights_of(fitted.model), onnx_of(fitted.model)
    architecture, features = config.architecture(), feature_set(config.features)
    down, flat, up = _classes(examples)
    card = Card(
        name=config.name,
        digest=model_digest(weights, architecture),
        network_digest=file_digest(network),
        architecture=architecture,
        features=features.name,
        features_digest=features.digest,
        labels=config.labels,
        interval=config.interval,
        instruments=tuple(sorted({each.instrument for each in data})),
        data=data,
        config_digest=config.digest(),
        code_digest=training_digest(),
        samples=down + flat + up,
        classes=(down, flat, up),
        span=(int(examples.start[0]), int(examples.end.max())),
        epochs=len(fitted.history),
        temperature=fitted.scaling.temperature,
        parameters=sum(each.numel() for each in fitted.model.parameters()),
        folds=config.splits.folds,
        tested=judged.tested,
        metrics=judged.metrics,
        curve=judged.curve,
        confusion=judged.confusion,
        teacher=teacher,
    )
    return card, {
        WEIGHTS: weights,
        NETWORK: network,
        PAGE: card_page(card).encode(),
        CARD: msgspec.json.format(msgspec.json.encode(card), indent=1),
    }
