"""A whole world: programs that die and come back, around one exchange, in virtual time."""

from collections.abc import Callable, Sequence
from typing import Final

from actors.execution.attempts import Lease
from actors.execution.gateway import ExecutionGateway, GatewayParts
from actors.kit.runner import CellParts, CellRunner
from actors.kit.sequencer import Identity
from actors.kit.shapes import Decider
from events.errors import LogError
from events.ingress import Ingress
from projections.projector import Projector
from runtime.hosts.simulated.cast import Cast
from runtime.hosts.simulated.checkers import Evidence
from runtime.hosts.simulated.clock import VirtualClock
from runtime.hosts.simulated.exchange import Exchange, Report, Surroundings
from runtime.hosts.simulated.faults import Crash, Faults, Plan
from runtime.hosts.simulated.feed import Backup, Feed
from runtime.hosts.simulated.interrupted import InterruptedJournal
from runtime.hosts.simulated.line import Line
from runtime.hosts.simulated.logs import CELL, BrokerLogs, Logs, MemoryLogs
from runtime.hosts.simulated.mailbox import FaultyIngress, InterruptedIngress
from runtime.hosts.simulated.scheduler import Scheduler
from runtime.hosts.simulated.store import SimulatedStore
from runtime.hosts.simulated.supervision import Supervised
from runtime.hosts.simulated.trace import Trace
from runtime.hosts.simulated.watch import DurableWatch
from runtime.hosts.simulated.workload import SOURCE, items_of, price_of
from schemas.cell import CellStarted
from schemas.quantities import SECOND_NS

IDENTITY: Final = Identity(cell=CELL, run=CELL)
STARTED: Final = CellStarted(
    code_hash="", config_hash="", deciders=(), configuration="{}", version="simulated"
)
TICK_NS: Final = SECOND_NS // 2
TAIL_TICKS: Final = 12
"""Ticks after the feed's last word; as many again, and again, while an order still works."""
TICKS_MAX: Final = 400
AT_ONCE: Final = Lease(lasts=0, settles=0, audit=3 * SECOND_NS)
"""Where messages take no time, an attempt that is not sent at once never is."""
IN_TIME: Final = Lease(lasts=2 * SECOND_NS, settles=SECOND_NS, audit=3 * SECOND_NS)
PROJECTION_TICKS: Final = 10
MESSAGE_NS_MAX: Final = SECOND_NS // 3
SLEEP_NS_MAX: Final = 5 * SECOND_NS
"""How long a gateway may sleep that was taken for dead; longer than its right to send lasts."""


class World:
    """Everything of one run. The programs are real, or stand for real ones; nothing waits."""

    def __init__(self, seed: int, plan: Plan, cast: Cast) -> None:
        self._plan: Final = plan
        self._cast: Final = cast
        self.clock: Final = VirtualClock()
        self.trace: Final = Trace()
        self.faults: Final = Faults(seed, plan, self.clock, self.trace)
        self.scheduler: Final = Scheduler(self.clock)
        self.items: Final = items_of(seed)
        self._logs: Final = self._made_logs()
        self.journal: Final = self._logs.honest.journal
        self.market: Final = self._logs.honest.market
        self.watch: Final = DurableWatch(self.journal)
        self.store: Final = SimulatedStore(self.faults)
        self.exchange: Final = Exchange(self._surroundings(seed))
        supervision = (self.scheduler, self.faults, self.trace)
        self.runner: Final = Supervised("runner", self._boot_runner, *supervision)
        self.gateway: Final = Supervised("gateway", self._boot_gateway, *supervision)
        self.projector: Final = Supervised("projector", self._boot_projector, *supervision)
        self.feed: Final = Supervised("feed", self._boot_feed, *supervision)
        self.runner.died = self._logs.runner_died
        self.feed.died = self._logs.feed_died
        self._living: Sequence[Decider] = ()
        self._line: Line | None = None

    def live(self) -> None:
        """Let everything happen, until all is at rest.

        Raises:
            Violation: a promise was broken in the act, or it never comes to rest.
        """
        for program in (self.gateway, self.projector, self.runner, self.feed):
            program.start()
        for item in self.items:
            self.scheduler.at(item.event.ts, lambda: self.feed.tell(Feed.catch_up))
        self.scheduler.after(TICK_NS, lambda: self._tick(1))
        self.scheduler.run()
        self.projector.tell(lambda projector: projector.turn())
        self.scheduler.run()
        self.watch.look()

    def evidence(self) -> Evidence:
        """What is left to be looked at."""
        return Evidence(
            identity=IDENTITY,
            journal=self.journal,
            exchange=self.exchange,
            store=self.store,
            market=self.market,
            deciders=self._cast.deciders,
            living=self._living,
        )

    def _made_logs(self) -> Logs:
        if self._plan.broker:
            return BrokerLogs(self.faults, self.scheduler, self._cast.connections)
        return MemoryLogs(lambda journal: self._cast.disk(journal, self.faults))

    def _surroundings(self, seed: int) -> Surroundings:
        return Surroundings(
            seed=seed,
            scheduler=self.scheduler,
            faults=self.faults,
            price_of=lambda instrument, now: price_of(self.items, instrument, now),
            on_arrival=self.watch.on_arrival,
            publish=self._publish,
        )

    def _boot_runner(self) -> CellRunner:
        self._say("runner", "starts", f"on {self.journal.end()} durable steps")
        living, logs = self._cast.deciders(), self._logs.boot_runner()
        runner = self._cast.runner(
            CellParts(
                identity=IDENTITY,
                deciders=living,
                journal=InterruptedJournal(logs.journal, self.faults, self._gateway_soon),
                ingress=self._announcing(logs.ingress),
                started=STARTED,
                recording_clock=self.clock,
                market_clock=self.clock,
            )
        )
        runner.start()
        self._living = living
        self._turn_soon()
        return runner

    def _boot_gateway(self) -> ExecutionGateway:
        number, logs = self.gateway.attempts, self._logs.boot()
        self._say("gateway", "starts", "again" if number > 1 else "")
        self._line = line = self._cast.line(self.exchange, self.faults, self.scheduler)
        gateway = self._cast.gateway(
            GatewayParts(
                author="gateway.exchange",
                holder=f"gateway/{number}",
                journal=logs.journal,
                ingress=InterruptedIngress(logs.ingress, self.faults, self._turn_soon),
                exchange=line,
                clock=self.clock,
                lease=IN_TIME if self._plan.delays else AT_ONCE,
            )
        )
        self._gateway_soon()
        return gateway

    def _boot_projector(self) -> Projector:
        logs = self._logs.boot()
        projector = self._cast.projector(self.store, logs.market, logs.journal, IDENTITY.run)
        projector.turn()
        return projector

    def _boot_feed(self) -> Feed:
        logs = self._logs.boot()
        ingress = self._announcing(logs.ingress)
        feed = Feed(self.items, logs.market, ingress, self.faults, self.clock)
        feed.catch_up()
        return feed

    def _tick(self, number: int) -> None:
        """What programs do from time to time, until nothing is left to be done."""
        if self.faults.strike("runner.is_replaced"):
            self._replace_runner()
        self.runner.tell(lambda runner: runner.turn())
        if number % PROJECTION_TICKS == 0:
            self.projector.tell(lambda projector: projector.turn())
        if self.faults.strike("feed.reposts"):
            self._backup().repeat(self.faults.pick(3))
        self.gateway.tell(self._turn_gateway)
        if number < TICKS_MAX and not self._at_rest(number):
            self.scheduler.after(TICK_NS, lambda: self._tick(number + 1))

    def _backup(self) -> Backup:
        ingress = self._announcing(self._logs.honest.ingress)
        return Backup(self.items, lambda: self.market.end(SOURCE), ingress)

    def _announcing(self, ingress: Ingress) -> FaultyIngress:
        return FaultyIngress(ingress, self.faults, self._turn_soon)

    def _at_rest(self, number: int) -> bool:
        said = self.items[-1].event.ts + TAIL_TICKS * TICK_NS
        works = any(order.status == "accepted" for order in self.exchange.orders.values())
        return self.clock.now >= said and number % TAIL_TICKS == 0 and not works

    def _replace_runner(self) -> None:
        """Somebody takes a slow runner for dead; later it goes on as if nothing had happened."""
        zombie = self.runner.replace()
        if zombie is not None:
            self.scheduler.after(self.faults.latency(MESSAGE_NS_MAX), lambda: _wake(zombie.turn))

    def _turn_soon(self) -> None:
        self.scheduler.after(
            self.faults.latency(MESSAGE_NS_MAX), lambda: self.runner.tell(self._turn)
        )

    def _turn(self, runner: CellRunner) -> None:
        if runner.turn(self._plan.batch):
            self._turn_soon()

    def _gateway_soon(self) -> None:
        self.scheduler.after(
            self.faults.latency(MESSAGE_NS_MAX), lambda: self.gateway.tell(self._turn_gateway)
        )

    def _turn_gateway(self, gateway: ExecutionGateway) -> None:
        """Let it read, and act; it may fall asleep between the two, and another takes over."""
        gateway.listen()
        if gateway.wakes is not None and self.faults.strike("gateway.is_replaced"):
            self.gateway.replace()
            self.scheduler.after(self.faults.latency(SLEEP_NS_MAX), lambda: _wake(gateway.act))
            return
        if gateway.act():
            self._gateway_soon()
        if gateway.wakes is not None and gateway.wakes > self.clock.now:
            self.scheduler.at(gateway.wakes, lambda: self.gateway.tell(self._turn_gateway))

    def _publish(self, said: Report) -> None:
        self._say("exchange", said.word, f"{said.client_order_id} {said.trade_id}")
        for _ in range(1 + self.faults.strike("reports.repeat")):
            if not self.faults.strike("reports.lost"):
                self.scheduler.after(
                    self.faults.latency(MESSAGE_NS_MAX), lambda: self._report(said)
                )

    def _report(self, said: Report) -> None:
        """Tell the gateway that lives now, if one does."""
        if self._line is not None:
            self._line.deliver(said.client_order_id)
            self.gateway.tell(self._turn_gateway)

    def _say(self, who: str, what: str, about: str) -> None:
        self.trace.add(self.clock.now, who, what, about)


def _wake(act: Callable[[], object]) -> None:
    """A program that was replaced goes on as if nothing had happened."""
    try:
        act()
    except (Crash, LogError):
        return
