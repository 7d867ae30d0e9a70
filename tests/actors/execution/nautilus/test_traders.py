"""Two strategies in one account: each protects and reduces what it holds itself."""

from msgspec.structs import replace

from schemas.order import OrderFilled, Side, Terms, Ticket
from tests.support.quoted import FALLING, T0, S, play, sending
from tests.support.recorded import EURUSD
from tests.support.venue_driver import Driver, terms, ticket

BRACKET = terms({"stop_loss": "1.38900", "take_profit": "1.39100"})
REDUCING = Terms(reduce_only=True)
BOTH = ("strategy.held", "strategy.other")


def by(strategy: str, order: Ticket) -> Ticket:
    return replace(order, strategy=strategy)


def long_bracket_and_an_opposite_sale(traders: tuple[str, ...]) -> Driver:
    held = by("strategy.held", ticket(EURUSD, terms=BRACKET))
    other = by("strategy.other", ticket(EURUSD, Side.SELL, number=2))
    return play(FALLING, {1: sending(held), 3: sending(other)}, traders=traders)


def test_a_stop_outlives_what_another_strategy_sells() -> None:
    told = long_bracket_and_an_opposite_sale(BOTH)
    assert told.fills("O-1-SL") == [(T0 + 10 * S, "1.38900", "1000")]


def test_without_traders_of_their_own_the_sale_closes_the_position_that_the_stop_protects() -> None:
    told = long_bracket_and_an_opposite_sale(())
    assert told.fills("O-1-SL") == []


def test_positions_of_two_strategies_have_two_names() -> None:
    told = long_bracket_and_an_opposite_sale(BOTH)
    entry, sale, stop = told.of(OrderFilled)
    assert entry.position_id == stop.position_id
    assert sale.position_id != entry.position_id


def test_a_strategy_cannot_reduce_what_another_holds() -> None:
    held = by("strategy.held", ticket(EURUSD))
    other = by("strategy.other", ticket(EURUSD, Side.SELL, number=2, terms=REDUCING))
    told = play(FALLING, {1: sending(held), 3: sending(other)}, traders=BOTH)
    assert told.fills("O-2") == []


def test_the_account_is_shared() -> None:
    told = long_bracket_and_an_opposite_sale(BOTH)
    [(venue, currency, _)] = told.balances
    assert (venue, currency) == (EURUSD.venue, "USD")
