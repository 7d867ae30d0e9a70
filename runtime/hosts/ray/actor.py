"""A program as a Ray actor: one thread leads its life, another answers whoever asks about it."""

import threading
from time import monotonic
from typing import Final

import msgspec
import ray

from runtime.collecting import rare_collections
from runtime.hosts.ray.messages import Told
from runtime.hosts.ray.processes import this_process
from runtime.programs.incarnation import Incarnation
from runtime.programs.specs import decoded_assignment


class ProgramActor:
    """Lives in a process of its own. Ray calls its methods, one at a time, and none of them waits.

    It does nothing before it is told to begin: whoever tells it knows its process by then, and can
    end it whatever happens.
    """

    def __init__(self) -> None:
        self._life: Incarnation | None = None
        self._wished: Final = threading.Event()
        self._reason = ""

    def process(self) -> bytes:
        """Which process this is."""
        node = ray.get_runtime_context().get_node_id()
        return msgspec.json.encode(this_process(node))

    def begin(self, assignment: bytes, interval_s: float) -> None:
        """Take turns from now on."""
        life = self._life = Incarnation(decoded_assignment(assignment), interval_s)
        threading.Thread(target=self._lead, args=(life,), name="program", daemon=True).start()

    def told(self) -> bytes:
        """How it is; also while a turn lasts."""
        life = self._life
        if life is None:
            return msgspec.json.encode(Told())
        seen = life.seen
        return msgspec.json.encode(
            Told(
                beat_age_s=None if seen.beat is None else monotonic() - seen.beat,
                status=life.status,
                ended=seen.ended,
                error=seen.error,
            )
        )

    def stop(self, reason: str) -> None:
        """End in order, after the turn that is being taken."""
        self._reason = reason
        self._wished.set()

    def _lead(self, life: Incarnation) -> None:
        rest, pause_s = life.rest, 0.0
        with rare_collections():
            while not life.over:
                if self._wished.wait(pause_s):
                    life.stop(self._reason)
                    return
                pause_s = rest.after(worked=life.advance())
