"""What an event says, in one line for people; nothing of it is shortened in JSON."""

from collections.abc import Callable, Mapping
from typing import Final

from runtime.cli.formats import brief, utc

type Fields = Mapping[str, object]


def summary(kind: str, fields: Fields) -> str:
    """The line for an event of ``kind`` with these fields.

    Kinds that are seen most have a sentence of their own; others list the fields that say anything.
    """
    sentence = _SENTENCES.get(kind)
    return sentence(fields) if sentence is not None else brief(fields)


def _ticket(fields: Fields) -> str:
    ticket = _inner(fields, "ticket")
    terms = _inner(ticket, "terms")
    prices = [
        f"{name} {terms[name]}"
        for name in ("price", "trigger", "trail", "stop_loss", "stop_loss_trail", "take_profit")
        if terms.get(name) is not None
    ]
    said = [f"{ticket.get('side')} {ticket.get('quantity')} {ticket.get('instrument')}"]
    return ", ".join([*said, str(terms.get("type", "market")), *prices])


def _approved(fields: Fields) -> str:
    checks = fields.get("checks")
    passed = [_check(check) for check in checks] if isinstance(checks, list | tuple) else []
    return f"{_ticket(fields)}: passed {'; '.join(passed) or 'without a limit'}"


def _vetoed(fields: Fields) -> str:
    return f"{_ticket(fields)}: stopped by {_check(fields.get('failed'))}"


def _check(check: object) -> str:
    if not isinstance(check, Mapping):
        return str(check)
    return f"{check.get('rule')} ({check.get('value')} against a limit of {check.get('limit')})"


def _signal(fields: Fields) -> str:
    reason = _inner(fields, "reason")
    why = ", ".join(f"{name} {value}" for name, value in reason.items())
    wish = f"{fields.get('direction')} {fields.get('instrument')}"
    intent = "" if fields.get("intent", "target") == "target" else f", {fields.get('intent')}"
    return f"{wish}{intent}{f': {why}' if why else ''}"


def _withheld(fields: Fields) -> str:
    return f"{fields.get('direction')} {fields.get('instrument')}: held back by {_check(fields)}"


def _filled(fields: Fields) -> str:
    commission = _inner(fields, "commission")
    return (
        f"{fields.get('side')} {fields.get('quantity')} {fields.get('instrument')} at "
        f"{fields.get('price')}, commission {commission.get('amount')} {commission.get('currency')}"
    )


def _rejected(fields: Fields) -> str:
    return f"{fields.get('client_order_id')}: {fields.get('reason')}"


def _position(fields: Fields) -> str:
    total = _inner(fields, "realised_total")
    price = fields.get("average_price")
    held = f"{fields.get('quantity')} {fields.get('instrument')}"
    at = f" at {price}" if price is not None else ""
    return f"{held}{at}, realised so far {total.get('amount')} {total.get('currency')}"


def _valued(fields: Fields) -> str:
    drawdown = fields.get("drawdown")
    fall = f", drawdown {drawdown:.3%}" if isinstance(drawdown, float) else ""
    return f"equity {fields.get('equity')} {fields.get('currency')}{fall}"


def _bar(fields: Fields) -> str:
    prices = " ".join(f"{name[0]} {fields.get(name)}" for name in ("open", "high", "low", "close"))
    closed = fields.get("ts_close")
    until = f", closed {utc(closed)}" if isinstance(closed, int) else ""
    return f"{fields.get('instrument')} {fields.get('interval')} {prices}{until}"


def _quote(fields: Fields) -> str:
    return f"{fields.get('instrument')} bid {fields.get('bid')} ask {fields.get('ask')}"


def _trade(fields: Fields) -> str:
    return f"{fields.get('instrument')} {fields.get('size')} at {fields.get('price')}"


def _recognised(fields: Fields) -> str:
    said = f"{fields.get('instrument')} {fields.get('interval')}: {fields.get('pattern')}"
    confidence = fields.get("confidence")
    sure = f", confidence {confidence:.2f}" if fields.get("calibrated") else ""
    return f"{said} {fields.get('direction')}{sure}, by {fields.get('recogniser')}"


def _abstained(fields: Fields) -> str:
    about = f"{fields.get('instrument')} {fields.get('interval')}"
    return f"{about}: {fields.get('reason')}, by {fields.get('recogniser')}"


def _inner(fields: Fields, name: str) -> Fields:
    inner = fields.get(name)
    return inner if isinstance(inner, Mapping) else {}


_SENTENCES: Final[dict[str, Callable[[Fields], str]]] = {
    "market.bar": _bar,
    "market.quote": _quote,
    "market.trade": _trade,
    "order.approved": _approved,
    "order.filled": _filled,
    "order.rejected": _rejected,
    "order.requested": _ticket,
    "order.vetoed": _vetoed,
    "pattern.abstained": _abstained,
    "pattern.recognised": _recognised,
    "portfolio.valued": _valued,
    "position.changed": _position,
    "signal.raised": _signal,
    "signal.withheld": _withheld,
}
