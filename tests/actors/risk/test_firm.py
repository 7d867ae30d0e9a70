"""Limits on several cells together."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.risk.book import DAY_NS
from actors.risk.firm import FirmBook, FirmLimits, FirmRisk, author_of
from schemas.operator import OperatorCommanded
from schemas.portfolio import PortfolioValued
from schemas.registry import Payload
from schemas.risk import LimitBreached, RiskState, RiskStateChanged
from tests.actors.risk.desk import of_kind
from tests.support.rules import Scenario

CELLS = ("gold", "euro")


def firm(**limits: object) -> Scenario[FirmBook]:
    return Scenario(FirmRisk("desk", CELLS, FirmLimits(**limits)))  # type: ignore[arg-type]


def says(told: Scenario[FirmBook], cell: str, equity: int, exposure: int = 0) -> list[Payload]:
    worth = PortfolioValued(
        account="main",
        currency="USD",
        balance=Decimal(equity),
        unrealised=Decimal(0),
        equity=Decimal(equity),
        exposure=Decimal(exposure),
        peak=Decimal(equity),
        drawdown=0.0,
    )
    return told.when(worth, author=author_of(cell))


def operator(told: Scenario[FirmBook], command: str) -> list[Payload]:
    return told.when(OperatorCommanded(command=command, arguments={}, operator="ada"))


def commanded(said: list[Payload]) -> Mapping[str, str]:
    """The command by the cell that it is for."""
    return {each.arguments["cell"]: each.command for each in of_kind(said, OperatorCommanded)}


def test_losses_of_one_cell_that_another_makes_good_are_none() -> None:
    told = firm(max_drawdown=Decimal("0.1"))
    says(told, "gold", 100)
    says(told, "euro", 100)
    assert says(told, "euro", 120) == []
    assert says(told, "gold", 78) == []
    assert says(told, "gold", 77) != []


def test_every_cell_is_told_what_is_beyond_and_why() -> None:
    told = firm(max_drawdown=Decimal("0.1"))
    says(told, "gold", 100)
    says(told, "euro", 100)
    reason = "max_drawdown: 0.11 is beyond 0.1"
    assert says(told, "gold", 78) == [
        LimitBreached(scope="desk", rule="max_drawdown", limit="0.1", value="0.11"),
        RiskStateChanged(before=RiskState.NORMAL, after=RiskState.HALTED, reason=reason),
        *(
            OperatorCommanded(
                command="risk.halt",
                arguments={
                    "cell": cell,
                    "firm": "desk",
                    "reason": reason,
                    "tightens": "max_drawdown",
                },
                operator="desk",
            )
            for cell in CELLS
        ),
    ]
    assert says(told, "gold", 10) == [], "once"
    told.assert_recovers()


def test_nothing_is_judged_before_every_cell_was_valued() -> None:
    told = firm(max_gross_notional=Decimal(100))
    assert says(told, "gold", 100, exposure=101) == []
    assert commanded(says(told, "euro", 100)) == {"gold": "risk.halt", "euro": "risk.halt"}


@pytest.mark.parametrize(
    ("limits", "exposures", "rule"),
    [
        ({"max_gross_notional": Decimal(300)}, (150, 151), "max_gross_notional"),
        ({"max_leverage": Decimal("1.5")}, (150, 151), "max_leverage"),
    ],
)
def test_what_they_hold_together_is_limited(
    limits: dict[str, object], exposures: tuple[int, int], rule: str
) -> None:
    told = firm(**limits)
    says(told, "gold", 100, exposure=exposures[0])
    assert says(told, "euro", 100, exposure=150) == []
    (breach,) = of_kind(says(told, "euro", 100, exposure=exposures[1]), LimitBreached)
    assert breach.rule == rule


def test_who_holds_something_and_has_nothing_is_beyond_any_leverage() -> None:
    told = firm(max_leverage=Decimal(30))
    says(told, "gold", 0)
    (breach,) = of_kind(says(told, "euro", 0, exposure=1), LimitBreached)
    assert breach.value == "Infinity"


def test_a_days_loss_is_counted_from_where_the_day_began() -> None:
    told = firm(max_daily_loss=Decimal(10))
    says(told, "gold", 100)
    says(told, "euro", 100)
    assert says(told, "gold", 91) == []
    told.at(DAY_NS)
    assert says(told, "gold", 81) == []
    assert of_kind(says(told, "gold", 80), LimitBreached)


@pytest.mark.parametrize(
    ("on_breach", "command"),
    [("reduce_only", "risk.reduce_only"), ("halted", "risk.halt"), ("flatten", "risk.flatten")],
)
def test_what_cells_are_told_is_configured(on_breach: str, command: str) -> None:
    told = firm(max_gross_notional=Decimal(0), on_breach=on_breach)
    says(told, "gold", 1)
    assert set(commanded(says(told, "euro", 1, exposure=1)).values()) == {command}


def test_what_an_operator_says_goes_to_every_cell() -> None:
    told = firm(max_drawdown=Decimal("0.1"))
    said = operator(told, "risk.flatten")
    assert commanded(said) == {"gold": "risk.flatten", "euro": "risk.flatten"}
    assert of_kind(said, RiskStateChanged)[0].reason == "risk.flatten by ada"
    assert {each.operator for each in of_kind(said, OperatorCommanded)} == {"ada"}
    assert not any("tightens" in each.arguments for each in of_kind(said, OperatorCommanded))
    assert set(commanded(operator(told, "risk.flatten")).values()) == {"risk.flatten"}
    assert operator(told, "cell.pause") == []


def test_after_a_resumption_losses_are_measured_anew() -> None:
    told = firm(max_drawdown=Decimal("0.1"))
    says(told, "gold", 100)
    says(told, "euro", 100)
    says(told, "gold", 50)
    assert set(commanded(operator(told, "risk.resume")).values()) == {"risk.resume"}
    assert says(told, "gold", 49) == []
    assert of_kind(says(told, "gold", 34), LimitBreached)
    told.assert_recovers()


@given(
    st.lists(st.tuples(st.sampled_from(CELLS), st.integers(0, 200), st.integers(0, 500))),
)
def test_nobody_trades_on_beyond_a_limit(worths: list[tuple[str, int, int]]) -> None:
    told = firm(max_gross_notional=Decimal(500), max_leverage=Decimal(3))
    known: dict[str, tuple[int, int]] = {}
    for cell, equity, exposure in worths:
        says(told, cell, equity, exposure)
        known[cell] = (equity, exposure)
        held = sum(each for _, each in known.values())
        owned = sum(each for each, _ in known.values())
        beyond = held > 500 or held > 3 * owned
        if len(known) == len(CELLS) and beyond:
            assert told.state.mode is RiskState.HALTED
    told.assert_recovers()


@pytest.mark.parametrize(
    ("field", "value"), [("max_daily_loss", -1), ("max_drawdown", 2), ("max_leverage", "NaN")]
)
def test_what_no_limit_can_be_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"`{field}`"):
        FirmLimits(**{field: Decimal(str(value))})  # type: ignore[arg-type]
