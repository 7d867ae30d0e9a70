"""From the options of ``wakeline backtest`` to a configuration."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from actors.feeds.formats.format import FileOptions
from actors.strategies.settings import assignments
from runtime.cli.options import bad_rows_policy
from runtime.config import BacktestConfig, StrategyConfig, load_config
from runtime.ingesting import DataConfig
from schemas.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed, as it was typed; ``paths`` came without an option."""

    paths: tuple[Path, ...]
    data: tuple[Path, ...]
    instruments: tuple[str, ...]
    venue: str
    data_format: str
    strategy: str | None
    parameters: tuple[str, ...]
    size: str | None
    balance: str | None
    on_bad_rows: str
    trace: bool


def config_of(asked: Asked) -> BacktestConfig:
    """The configuration in the file that was named, or the one that the options describe.

    Raises:
        UserError: something is missing, or does not fit; the message names it.
    """
    config = _described(asked) if asked.data else _named(asked)
    if asked.size is not None:
        value = _amount("size", asked.size)
        config = replace(config, sizing=replace(config.sizing, value=value))
    policy = bad_rows_policy(asked.on_bad_rows)
    if policy != "fail":
        config = replace(
            config, data=tuple(replace(each, on_bad_rows=policy) for each in config.data)
        )
    if asked.balance is not None:
        config = replace(config, starting_balance=_amount("balance", asked.balance))
    return config.traced() if asked.trace else config


def _named(asked: Asked) -> BacktestConfig:
    if len(asked.paths) != 1:
        raise UserError("backtest: name one CONFIG.toml, or --data, --instrument and --strategy")
    if asked.strategy or asked.parameters or asked.instruments:
        raise UserError(
            "backtest: --strategy, --param and --instrument go with --data; CONFIG.toml has its own"
        )
    return load_config(asked.paths[0])


def _described(asked: Asked) -> BacktestConfig:
    if asked.strategy is None:
        raise UserError("backtest: --data also needs --strategy")
    data = DataConfig(
        paths=tuple(map(str, (*asked.data, *asked.paths))),
        instruments=asked.instruments,
        venue=asked.venue,
        files=FileOptions(format=asked.data_format),
    )
    strategy = StrategyConfig(use=asked.strategy, parameters=assignments(asked.parameters))
    return BacktestConfig(data=(data,), strategies=(strategy.below(Path.cwd()),))


def _amount(option: str, text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except ArithmeticError:
        amount = Decimal(0)
    if not (amount.is_finite() and amount > 0):
        raise UserError(f"--{option} {text!r} must be a number above zero, such as 1000")
    return amount
