"""How often the rules were right, on hours of three markets: ``python -m benchmarks.pattern_hits``.

An answer is right when the close at its horizon is on its side of the close at which it was given.
Beside it stands what its direction alone would have had at the same bars' horizons: the share of
all bars after which the price moved that way. Neither costs nor stops are in it.
"""

import io
import zipfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from actors.patterns.candles import Candles
from actors.patterns.recogniser import Question
from actors.patterns.rules.recogniser import Rules
from benchmarks.markets import ROOT

_DATA: Final = ROOT.parent / "shared/data/lean"
_MARKETS: Final = ("forex/oanda/hour/eurusd", "cfd/oanda/hour/xauusd", "equity/usa/hour/spy")


def main() -> None:
    """Print a table in Markdown: one row a pattern and direction."""
    hits: defaultdict[str, list[tuple[bool, float]]] = defaultdict(list)
    for name in _MARKETS:
        for pattern, right, usual in _judged(_hours(_DATA / f"{name}.zip")):
            hits[pattern].append((right, usual))
    print("| pattern | seen | right | standard error | its direction alone |")
    print("|---|---:|---:|---:|---:|")
    for pattern, judged in sorted(hits.items()):
        share = float(np.mean([right for right, _ in judged]))
        alone = float(np.mean([usual for _, usual in judged]))
        error = float(np.sqrt(share * (1 - share) / len(judged)))
        print(f"| {pattern} | {len(judged):,} | {share:.3f} | {error:.3f} | {alone:.3f} |")


def _judged(candles: Candles) -> list[tuple[str, bool, float]]:
    rules, found = Rules(), []
    moves: dict[int, float] = {}
    for end in range(rules.bars, len(candles)):
        window = candles[end - rules.bars : end]
        panel = {"": window}
        question = Question(request="", instrument="", interval="1h", interval_ns=1, panel=panel)
        (answer,) = rules.recognise([question])
        for seen in answer if isinstance(answer, tuple) else ():
            ahead = seen.horizon
            if seen.direction == "flat" or end - 1 + ahead >= len(candles):
                continue
            change = candles.close[end - 1 + ahead] - candles.close[end - 1]
            if ahead not in moves:
                moves[ahead] = float((candles.close[ahead:] > candles.close[:-ahead]).mean())
            is_long = seen.direction == "long"
            usual = moves[ahead] if is_long else 1 - moves[ahead]
            right = bool(change > 0) if is_long else bool(change < 0)
            found.append((f"{seen.pattern}, {seen.direction}", right, usual))
    return found


def _hours(archive: Path) -> Candles:
    with zipfile.ZipFile(archive) as held:
        text = held.read(held.namelist()[0]).decode()
    rows = np.loadtxt(io.StringIO(text), delimiter=",", dtype=str)
    numbers = rows[:, 1:].astype(np.float64)
    quoted = numbers.shape[1] > 5
    prices = (numbers[:, :4] + numbers[:, 5:9]) / 2 if quoted else numbers[:, :4]
    times = [datetime.strptime(row, "%Y%m%d %H:%M").replace(tzinfo=UTC) for row in rows[:, 0]]
    return Candles(
        open=prices[:, 0],
        high=prices[:, 1],
        low=prices[:, 2],
        close=prices[:, 3],
        volume=np.zeros(len(rows)),
        ts_close=np.array([int(each.timestamp()) for each in times], dtype=np.int64) * 10**9,
    )


if __name__ == "__main__":
    main()
