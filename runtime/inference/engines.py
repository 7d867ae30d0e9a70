"""The engines of a gateway: one for each wish, loaded beside the work and swapped in between."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from actors.patterns.models.judging import OutOfMemory
from actors.patterns.serving.engine import Engine, ServingConfig
from runtime.inference.shelf import Opened, Shelf, Wish
from schemas.errors import UserError

LOOK_S: Final = 1.0
"""How often to look whether another model was promoted, or can be opened after all."""


@dataclass(slots=True)
class Slot:
    """Where the engine of a wish is, once its model is loaded.

    Attributes:
        engine: ``None`` while there is nothing to ask.
        device: what it runs on.
        trouble: why its model cannot be opened, or another not be taken.
        used: a larger number was asked later.
    """

    wish: Wish
    engine: Engine | None = None
    device: str = ""
    trouble: str = ""
    used: int = 0
    version: str = ""
    loading: "Future[Opened] | None" = None
    holding: ExitStack = field(default_factory=ExitStack)

    @property
    def digest(self) -> str:
        """Of the model that answers now; empty while there is none."""
        return "" if self.engine is None else self.engine.recogniser.model_digest


class Engines:
    """Belongs to one thread. A model is loaded on another, one after the other, and the engine
    goes on answering meanwhile.

    Where a device has no room for a model, the one that was asked longest ago leaves it; if there
    is none, the model is served on the CPU.
    """

    def __init__(
        self,
        shelf: Shelf,
        config: ServingConfig,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._shelf: Final = shelf
        self._config: Final = config
        self._clock: Final = clock
        self._loader: Final = ThreadPoolExecutor(1, "loading")
        self._slots: Final[dict[str, Slot]] = {}
        self._uses = 0
        self._looked_at = clock()
        self.evicted = 0

    def known(self, wish: Wish) -> Slot | None:
        """Where its engine is, without asking for it."""
        return self._slots.get(wish.name)

    def slot(self, wish: Wish) -> Slot:
        """Where its engine is, for who has a question. One that was not known, or had to leave,
        begins to be loaded.
        """
        slot = self._slots.setdefault(wish.name, Slot(wish))
        self._uses += 1
        slot.used = self._uses
        if slot.engine is None and slot.loading is None and not slot.trouble:
            self._load(slot)
        return slot

    def turn(self) -> bool:
        """Take what was loaded, and look from time to time for what is new; whether anything
        changed.
        """
        loaded = [each for each in self._slots.values() if each.loading and each.loading.done()]
        for slot in loaded:
            self._take(slot)
        if self._clock() - self._looked_at >= LOOK_S:
            self._looked_at = self._clock()
            for slot in self._slots.values():
                self._look(slot)
        return bool(loaded)

    @property
    def troubles(self) -> list[str]:
        """What cannot be served, for people."""
        return [f"{each.wish.use}: {each.trouble}" for each in self._slots.values() if each.trouble]

    def close(self) -> None:
        """Answer nothing more."""
        self._loader.shutdown(wait=False, cancel_futures=True)
        for slot in self._slots.values():
            slot.holding.close()

    def _look(self, slot: Slot) -> None:
        if slot.loading is not None or (slot.engine is None and not slot.trouble):
            return
        try:
            version = self._shelf.version(slot.wish)
        except UserError as error:
            if slot.engine is None:  # One that answers goes on.
                slot.trouble = str(error)
            return
        if version != slot.version or slot.engine is None:
            self._load(slot)

    def _load(self, slot: Slot, *, spare: bool = False) -> None:
        try:
            # Asked for before: what is promoted while it is loaded is another version.
            slot.version = self._shelf.version(slot.wish)
        except UserError as error:
            slot.trouble = str(error)
            return
        slot.loading = self._loader.submit(self._shelf.open, slot.wish, spare=spare)
        slot.trouble = ""

    def _take(self, slot: Slot) -> None:
        assert slot.loading is not None, "it is done"
        done, slot.loading = slot.loading, None
        try:
            opened = done.result()
        except OutOfMemory:
            self._load(slot, spare=not self._evict(slot))
        except Exception as error:  # noqa: BLE001 - whatever it is, who asks is told
            slot.trouble = str(error) or type(error).__name__
        else:
            self._serve(slot, opened)

    def _serve(self, slot: Slot, opened: Opened) -> None:
        if slot.engine is None:
            engine = Engine(opened.recogniser, self._config, fallback=opened.fallback)
            slot.engine = slot.holding.enter_context(engine)
        elif opened.recogniser.bars != slot.engine.recogniser.bars:
            slot.trouble = (
                f"model {opened.recogniser.model_digest} reads {opened.recogniser.bars} bars, and"
                f" {slot.engine.recogniser.bars} are sent: start the cell anew for it"
            )
            return
        else:
            slot.engine.swap(opened.recogniser, fallback=opened.fallback)
        slot.device, slot.trouble = opened.device, ""

    def _evict(self, slot: Slot) -> bool:
        """Let the model leave the device that was asked longest ago; false if none is there."""
        there = [
            each
            for each in self._slots.values()
            if each is not slot and each.engine is not None and each.device == "cuda"
        ]
        if not there:
            return False
        leaving = min(there, key=lambda each: each.used)
        # An engine ends with its batch, which may take long: the loader waits for it, before it
        # loads what comes next.
        self._loader.submit(leaving.holding.close)
        leaving.engine, leaving.device, leaving.holding = None, "", ExitStack()
        self.evicted += 1
        return True
