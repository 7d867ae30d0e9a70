"""What a cell without a market goes by, and its decisions again from what it heard."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from actors.kit.deliberation import Deliberation
from actors.kit.inputs import input_of
from actors.kit.sequencer import Identity, Sequencer, StepSink
from actors.kit.shapes import Folded
from actors.risk.firm import FirmBook, FirmLimits, FirmRisk
from actors.strategies.synthesis.search import Search, SearchBook, SearchConfig
from runtime.config import ConfigError, RunSpec, digest_of
from runtime.home import run_id
from runtime.started import started_by
from schemas.cell import CellStarted
from schemas.envelope import Step
from schemas.quantities import Nanoseconds


class FirmTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="firm"):
    """All that a firm's decisions depend on, beside what it hears.

    Attributes:
        cells: names and runs.
    """

    name: str
    cells: tuple[tuple[str, str], ...]
    limits: FirmLimits = FirmLimits()

    def rules(self) -> Folded[FirmBook]:
        """The firm's decider."""
        return Folded(FirmRisk(self.name, [cell for cell, _ in self.cells], self.limits))

    def digest(self) -> str:
        """Of what decides."""
        return digest_of(self)


class SearchTerms(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="search"
):
    """All that a search's decisions depend on, beside what its trials come to, and what is tried.

    Attributes:
        spec: what is varied, bound to its market.
        period_ns: of the returns by which candidates are judged.
        code_hash: of the code that is tried.
    """

    name: str
    spec: RunSpec
    search: SearchConfig
    period_ns: Nanoseconds
    code_hash: str

    def rules(self) -> Folded[SearchBook]:
        """The search's decider."""
        strategy = self.spec.config.strategies[0].use.rpartition(":")[2]
        return Folded(Search(self.name, strategy, self.search))

    def digest(self) -> str:
        """Of what decides; where files lie does not."""
        return digest_of(
            (self.name, self.spec.digest(), self.search, self.period_ns, self.code_hash)
        )


type Terms = FirmTerms | SearchTerms

_decoder: Final[msgspec.json.Decoder[Terms]] = msgspec.json.Decoder(FirmTerms | SearchTerms)


def run_of(terms: Terms) -> str:
    """The id of the run that goes by these terms."""
    return run_id(terms.name, terms.digest())


def started(terms: Terms) -> CellStarted:
    """What the journal of such a cell begins with."""
    return started_by(terms.rules().author, terms, terms.digest())


def recorded_terms(configuration: str) -> Terms:
    """The terms in a ``cell.started``.

    Raises:
        ConfigError: it holds something else.
    """
    try:
        return _decoder.decode(configuration)
    except msgspec.MsgspecError as error:
        raise ConfigError(f"the recorded terms cannot be read: {error}") from error


def decided_again(
    terms: Terms, run: str, recorded: Iterable[Step], sink: StepSink
) -> Iterator[Step]:
    """What the same rules decide about everything that a cell was told, in that order."""
    rules: Folded[Any] = terms.rules()
    sequencer = Sequencer(
        Identity(cell=terms.name, run=run),
        Deliberation((rules,)),
        sink,
        epoch=sink.head.epoch,
        recording_clock=lambda: 0,
    )
    for step in recorded:
        again = sequencer.take(input_of(step.input), origin=step.origin)
        if again is not None:
            yield again
