"""Real ticks for benchmarks: a week of FXCM's EUR/USD, as often as ticks are asked for.

The week lies beside the checkout; without it the day that is shipped stands in. Repeated days get
new dates, so that market time goes on.
"""

import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from runtime.ingesting import DataConfig

ROOT: Final = Path(__file__).parents[1]
WEEK: Final = ROOT.parent / "shared/data/lean/forex/fxcm/tick/eurusd"
SHIPPED: Final = ROOT / "runtime/samples/lean/forex/fxcm/tick/eurusd"

_SUFFIX: Final = "_quote.zip"
_WEEKS_APART: Final = timedelta(days=14)


def eurusd_files(scratch: Path, times: int = 1) -> Path:
    """A folder of LEAN tick archives that holds the ticks ``times`` times."""
    origin = WEEK if WEEK.exists() else SHIPPED
    folder = scratch / f"ticks-{times}" / "forex/fxcm/tick/eurusd"
    folder.mkdir(parents=True, exist_ok=True)
    for archive in sorted(origin.glob(f"*{_SUFFIX}")):
        first = date.fromisoformat(archive.name.removesuffix(_SUFFIX))
        with zipfile.ZipFile(archive) as held:
            ticks = held.read(held.namelist()[0])
        for turn in range(times):
            day = f"{first + turn * _WEEKS_APART:%Y%m%d}"
            with zipfile.ZipFile(folder / f"{day}{_SUFFIX}", "w", zipfile.ZIP_DEFLATED) as copy:
                copy.writestr(f"{day}_eurusd_tick_quote.csv", ticks)
    return folder


def eurusd(files: str | Path) -> DataConfig:
    """A folder of such archives, as a configuration names it."""
    return DataConfig(paths=(str(files),), instruments=("EUR/USD",), venue="FXCM")
