"""Cells that are wired: everything that a run needs, made once."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from actors.execution.nautilus.config import VenueConfig
from actors.execution.nautilus.simulated_venue import NautilusVenue
from actors.execution.venue import Subscriptions
from actors.kit.deliberation import Deliberation
from actors.kit.inputs import Input
from actors.kit.lifecycle import lifecycle_input
from actors.kit.sequencer import Identity, Sequencer, StepSink
from actors.kit.shapes import Decider
from actors.portfolio.accounts import AccountConfig
from runtime.backends import CELL
from runtime.config import RunSpec
from runtime.hosts.inline.answering import Answering, WorkedOut
from runtime.hosts.inline.awaited import Awaited
from runtime.hosts.inline.backtest import BacktestHost
from runtime.instruments import KnownInstrument
from runtime.recognising import Recognising
from schemas.cell import CellLive, CellStarted
from schemas.identity import tick_id
from schemas.quantities import Nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class WiredCell:
    """A cell with everything that it needs, made once.

    Attributes:
        run, cell: name of the journal that it runs into, and of the cell whose it is.
        recognising: what of it recognises patterns.
        started: what the cell says about itself.
        every_tick: show the venue's engine also the ticks that nothing depends on.
        sends_out: whether its orders leave it by a gateway; otherwise its own venue takes them.
    """

    run: str = ""
    cell: str = CELL
    instruments: tuple[KnownInstrument, ...]
    recognising: Recognising
    deciders: tuple[Decider, ...]
    subscriptions: Subscriptions
    venues: tuple[VenueConfig, ...]
    started: CellStarted
    every_tick: bool = False
    sends_out: bool = False

    @property
    def identity(self) -> Identity:
        """Whose journal it is."""
        return Identity(cell=self.cell, run=self.run)

    @property
    def opens(self) -> Nanoseconds:
        """Market time before the first record."""
        return min(known.ts for known in self.instruments)

    def prologue(self, epoch: int) -> Iterator[Input]:
        """Who we are, that we are live, and the terms of every instrument."""
        ts = self.opens
        yield lifecycle_input(self.identity, epoch, ts, self.started)
        yield lifecycle_input(self.identity, epoch, ts, CellLive(recovered_steps=0))
        for known in self.instruments:
            name = tick_id(known.source, known.seq)
            yield Input(
                id=name,
                author=f"feed.{known.source}",
                cause=name,
                correlation=name,
                ts=ts,
                payload=known.instrument,
            )

    def answering(self) -> Answering | None:
        """Where the answers of gateways come from; ``None`` where no gateway is asked."""
        if not self.recognising.asked:
            return None
        served = self.recognising.served
        return WorkedOut(served) if served else Awaited()

    def host(
        self, sink: StepSink, epoch: int, answering: Answering | None
    ) -> tuple[BacktestHost, NautilusVenue]:
        """A fresh cell and venue, ready to run into ``sink``."""
        traded = [known.instrument for known in self.instruments]
        venue = NautilusVenue(traded, self.venues, every_tick=self.every_tick)
        sequencer = Sequencer(
            self.identity,
            Deliberation(self.deciders),
            sink,
            epoch=epoch,
            recording_clock=time.time_ns,
        )
        return BacktestHost(sequencer, venue, answering, sends_out=self.sends_out), venue


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest(WiredCell):
    """A cell that trades."""

    spec: RunSpec
    account: AccountConfig
