"""One realistic value of every kind, made from the types and names of its fields."""

from decimal import Decimal
from typing import Any

from msgspec import inspect

from schemas.envelope import AnyEvent, Event
from schemas.identity import event_id
from schemas.registry import Payload

TS = 1_399_507_200_000_000_000
"""2014-05-08 00:00:00 UTC, the day of the FXCM ticks that the demo ships."""

_BY_NAME: dict[str, str] = {
    "account": "FXCM-001",
    "author": "strategies.ema_cross",
    "base_currency": "EUR",
    "client_order_id": "6b1f0c3a9d2e4f587a61",
    "currency": "USD",
    "deciders": "risk.pre_trade",
    "file": "20140508_quote.zip/20140508_eurusd_tick_quote.csv",
    "id": "EUR/USD.FXCM",
    "instrument": "EUR/USD.FXCM",
    "interval": "1m",
    "limit": "100000",
    "owner": "strategies.ema_cross",
    "quote_currency": "USD",
    "raw": "25200012,1.39263,1.39261",
    "rule": "position_limit",
    "settlement_currency": "USD",
    "strategy": "strategies.ema_cross",
    "trade_id": "FXCM-1-001",
    "value": "150000",
    "venue_order_id": "FXCM-1-001",
}

_DECIMALS: dict[str, str] = {
    "amount": "11.65",
    "ask_size": "1000000",
    "balance": "100000.00",
    "bid_size": "1000000",
    "equity": "100011.65",
    "lot_size": "1000",
    "margin_init": "0.03",
    "margin_maint": "0.03",
    "multiplier": "1",
    "peak": "100011.65",
    "quantity": "100000",
    "size": "1000000",
    "tick_size": "0.00001",
    "trail": "0.00050",
    "unrealised": "0.00",
    "volume": "25000000",
}
_MOMENTS = frozenset({"activation", "at", "deadline", "expire", "expiry", "valid_until"})


def example_event(payload: type[Payload]) -> AnyEvent:
    """An event of the class in an envelope."""
    cause = "fxcm-eurusd:167465"
    return Event(
        id=event_id("tests.golden", cause, 0),
        author="tests.golden",
        cause=cause,
        correlation=cause,
        ts=TS,
        ts_recorded=TS + 1_000,
        payload=_example(payload.KIND, inspect.type_info(payload)),
    )


def _example(name: str, kind: inspect.Type) -> Any:
    """A value of a type that is known at run time only."""
    match kind:
        case inspect.StructType(cls=cls, fields=fields):
            return cls(**{field.name: _example(field.name, field.type) for field in fields})
        case inspect.UnionType(types=types):
            wanted = [option for option in types if not isinstance(option, inspect.NoneType)]
            return _example(name, wanted[0])
        case inspect.DictType(value_type=value):
            return {"example": _example(name, value)}
        case inspect.VarTupleType(item_type=item):
            return (_example(name, item),)
        case inspect.EnumType(cls=cls):
            return next(iter(cls))
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.StrType():
            return _BY_NAME.get(name, name)
        case inspect.DecimalType():
            return Decimal(_DECIMALS.get(name, "1.39263"))
        case inspect.IntType():
            return TS if name.startswith("ts_") or name in _MOMENTS else 5
        case inspect.FloatType():
            return 0.25
        case inspect.BoolType():
            return True
        case _:
            raise TypeError(f"{name}: no example of {kind}")
