"""What the tests of training learn from: the samples that are shipped."""

from typing import Final

from tests.actors.feeds.material import FXCM_DAY, ROOT

DAY: Final = FXCM_DAY
"""EUR/USD ticks of 2014-05-01."""

MINUTES: Final = ROOT / "runtime/samples/lean/forex/fxcm/minute/eurusd/20110307_quote.zip"
"""EUR/USD minutes of 2011-03-07."""
