"""Bars as NautilusTrader's own aggregation makes them out of ticks."""

from collections.abc import Sequence
from typing import Self

from nautilus_trader import backtest, common, data, execution, model, trading

from actors.execution.nautilus.translate.bars import to_bar_type
from actors.execution.nautilus.translate.instruments import to_instrument
from actors.execution.venue import BarStream
from schemas.market import Instrument
from tests.support.raw_nautilus import Tick

type Closed = tuple[int, str, str, str, str, str]
"""Time of the close; open, high, low, close and volume to the last digit that Nautilus tells."""


class _Listener(trading.Strategy):
    def __new__(cls, bar_types: Sequence[model.BarType]) -> Self:
        config = trading.StrategyConfig(strategy_id=model.StrategyId("BARS-001"))
        made: Self = trading.Strategy.__new__(cls, config)  # type: ignore[call-arg]  # stubs: object's
        return made

    def __init__(self, bar_types: Sequence[model.BarType]) -> None:
        self.bar_types = bar_types
        self.closed: dict[model.BarType, list[Closed]] = {each: [] for each in bar_types}

    def on_start(self) -> None:
        for bar_type in self.bar_types:
            self.subscribe_bars(bar_type)

    def on_bar(self, bar: model.Bar) -> None:
        values = (bar.open, bar.high, bar.low, bar.close, bar.volume)
        self.closed[bar.bar_type].append(
            (bar.ts_event, *(str(each.as_decimal()) for each in values))  # type: ignore[arg-type]
        )


def raw_bars(
    instrument: Instrument, streams: Sequence[BarStream], ticks: list[Tick]
) -> list[list[Closed]]:
    """The bars of each stream, without those that are open at the end."""
    engine = backtest.BacktestEngine(
        backtest.BacktestEngineConfig(
            logging=common.LoggerConfig(bypass_logging=True),
            data_engine=data.DataEngineConfig(time_bars_build_with_no_updates=False),
        )
    )
    engine.add_venue(
        model.Venue(instrument.venue),
        model.OmsType.NETTING,
        model.AccountType.MARGIN,
        [model.Money.from_str("1 USD")],
        fee_model=execution.MakerTakerFeeModel(instrument.maker_fee, instrument.taker_fee),
    )
    engine.add_instrument(to_instrument(instrument))
    listener = _Listener([to_bar_type(stream) for stream in streams])
    engine.add_strategy(listener)
    engine.add_data(ticks, validate=False, sort=True)
    engine.run(streaming=True)
    engine.end()
    engine.dispose()
    return [listener.closed[bar_type] for bar_type in listener.bar_types]
