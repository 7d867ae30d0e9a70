from decimal import Decimal

import pytest

from events.codecs.json import decode_event, decode_payload
from events.errors import Corrupt
from schemas.position import PositionChanged
from schemas.quantities import Money
from schemas.registry import RawPayload
from schemas.upcasters.position import state_the_commission
from tests.golden.write import golden_path


def test_version_1_is_read_with_the_commission_it_left_to_the_reader() -> None:
    event = decode_event(golden_path("position.changed", 1).read_bytes())

    assert event.payload == PositionChanged(
        instrument="EUR/USD.FXCM",
        strategy="strategies.ema_cross",
        quantity=Decimal(100000),
        average_price=Decimal("1.39263"),
        realised=Money(Decimal("12.40"), "USD"),
        realised_total=Money(Decimal("12.40"), "USD"),
        commission_total=Money(Decimal("0.75"), "USD"),
        trade_id="FXCM-1-001",
    )


def test_lifting_leaves_the_stored_payload_as_it_was() -> None:
    raw: RawPayload = {
        "realised_total": {"amount": "-3.10", "currency": "USD"},
        "net_total": {"amount": "-4.60", "currency": "USD"},
    }
    lifted = state_the_commission(raw)

    assert lifted["commission_total"] == {"amount": "1.50", "currency": "USD"}
    assert "net_total" in raw
    assert "commission_total" not in raw


@pytest.mark.parametrize("raw", [b"{}", b"[]", b'{"realised_total": 1, "net_total": {}}'])
def test_a_version_1_that_cannot_be_lifted_is_corrupt(raw: bytes) -> None:
    with pytest.raises(Corrupt, match=r"position\.changed version 1"):
        decode_payload("position.changed", 1, raw)
