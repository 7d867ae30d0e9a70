"""Which run the same command goes on with, where several of one configuration were left."""

from runtime.home import Home
from tests.acceptance.program import Wakeline


def unfinish(program: Wakeline, run: object) -> None:
    """Leave a run as a process does that dies when all is decided but the result not written."""
    Home(program.home).run_dir(str(run)).result.unlink()


def test_the_newest_unfinished_run_goes_on(wakeline: Wakeline) -> None:
    runs = [wakeline.backtest(*more)["run"] for more in ((), ("--new",), ("--new",))]
    assert len(set(runs)) == 3
    for run in runs[:2]:
        unfinish(wakeline, run)
    gone_on = [wakeline.backtest() for _ in range(2)]
    assert [answer["run"] for answer in gone_on] == [runs[1], runs[0]]
    assert all(answer["recovered_steps"] for answer in gone_on)
    assert wakeline.backtest()["run"] not in runs, "nothing is left to go on with"
