"""Answers of a session whose model was swapped, asked again of those who gave them."""

from pathlib import Path

import pytest

from actors.patterns.models.card import read_card
from runtime.backtesting import known_instruments
from runtime.home import Home
from runtime.programs.specs import CellSpec
from runtime.recognising import Recognising
from runtime.recomputing import answered_again
from runtime.replaying import NotReplayable
from runtime.serving import ServedModels
from runtime.wiring import wire
from tests.runtime.inference.asking import (
    CELL,
    RUN,
    SHIPPED_MODEL,
    Asking,
    Follower,
    counted,
    keep_a_model,
    swapped,
    trading,
)


def of_today(session: Asking, model: Follower | None) -> Recognising:
    """The recognisers of the session's cell, with a model that is served here."""
    spec = CellSpec(name=CELL, run=RUN, sources=session.sources, trading=trading()).spec
    instruments = known_instruments(session.backend.market_log(), spec)
    served = {} if model is None else {"follower": model}
    return wire(spec, instruments, served, {"follower": 5}).recognising


def test_each_model_is_asked_about_what_it_answered_itself() -> None:
    session = swapped()
    steps = session.steps()
    found = counted(steps)
    v2 = Follower("v2")
    again = answered_again(steps, of_today(session, v2), lambda _, digest: Follower(digest))
    assert again.differences == []
    gone = answered_again(steps, of_today(session, v2), lambda *_: None)
    assert len(gone.differences) == found["v1"] > 0
    assert gone.answers == again.answers
    with pytest.raises(NotReplayable, match="the recogniser 'follower' is not here to be asked"):
        answered_again(steps, of_today(session, None), lambda *_: None)


def test_a_model_that_is_not_promoted_any_more_is_found_by_its_digest(tmp_path: Path) -> None:
    home = Home.create(tmp_path)
    shipped = read_card(SHIPPED_MODEL)
    own = keep_a_model(home)
    models = ServedModels(home, ())
    assert models.version("fast") == own
    older = models.of_version("fast", shipped.digest)
    assert older is not None
    assert older.model_digest == shipped.digest
    assert models.of_version("fast", "f" * 32) is None
    assert models.of_version("ensemble", shipped.digest) is None
