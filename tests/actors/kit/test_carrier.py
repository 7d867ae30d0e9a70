"""Out of one cell's journal, into another one's ingress."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from actors.kit.carrier import Carrier, as_first_cause
from events.backends.memory.ingress import MemoryIngress
from events.backends.memory.journal import MemoryJournal
from schemas.envelope import AnyEvent, Step
from tests.support.steps import append_steps

WRITER = "from-a"


def inputs(step: Step) -> Iterator[AnyEvent]:
    """Every other step's input."""
    if step.seq % 2 == 0:
        yield as_first_cause(step.input, f"a/{step.seq}", "a")


@given(st.lists(st.sampled_from(["write", "carry", "die", "ghost"]), max_size=30))
def test_each_chosen_event_arrives_once_and_in_order_whoever_dies(acts: list[str]) -> None:
    journal, ingress = MemoryJournal(), MemoryIngress()
    carrier = ghost = Carrier(journal, ingress, WRITER, inputs)
    with journal.open() as writer:
        for act in acts:
            match act:
                case "write":
                    append_steps(writer, 3)
                    writer.flush()
                case "carry":
                    carrier.turn()
                case "die":
                    ghost, carrier = carrier, Carrier(journal, ingress, WRITER, inputs)
                case _:
                    ghost.turn()
        carrier.turn()
        chosen = range(0, writer.head.next_seq, 2)
    posted = ingress.poll(0, 1_000)
    assert [each.event.id for each in posted] == [f"a/{seq}" for seq in chosen]
    assert [each.number for each in posted] == list(range(len(chosen)))
    assert carrier.carried == len(chosen)
    assert not carrier.turn(), "nothing is new"
