"""The same events give the same decisions: after a restart, and in every process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from actors.kit.testing import closed, given
from actors.strategies.catalogue import BUILT_IN, load
from tests.actors.strategies.real_bars import SPY, spy

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_restart_between_any_two_bars_makes_no_difference(name: str) -> None:
    owner = load(name)
    for number in (0, 1, 19, 20, 21, 30, 100, 500, 827):
        history = map(closed, spy()[:number])
        given(lambda: owner([SPY]), *history).when(closed(spy()[number]))


DIGEST = """
from hashlib import blake2b
from actors.strategies.catalogue import load
from events.codecs.json import encode_payload
from tests.actors.strategies.obedient import Obedient
from tests.actors.strategies.real_bars import EURUSD, SPY, eurusd, spy

state = blake2b(digest_size=16)
for name in ("bollinger_reversion", "donchian_breakout", "ema_cross"):
    for instrument, bars in ((EURUSD, eurusd()), (SPY, spy())):
        for ts, payload in Obedient(load(name)([instrument])).play(bars):
            state.update(str(ts).encode() + encode_payload(payload))
print(state.hexdigest())
"""


def digest(hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", DIGEST],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_decisions_do_not_depend_on_the_process_or_its_hash_seed() -> None:
    assert len({digest("0"), digest("1"), digest("4242")}) == 1
