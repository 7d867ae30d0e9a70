"""Importing this module fills the registry with every kind and upcaster there is."""

from schemas import (
    alert,
    allocation,
    cell,
    health,
    market,
    model,
    operator,
    order,
    pattern,
    portfolio,
    position,
    reconciliation,
    risk,
    signal,
    strategy,
    timer,
)
from schemas.upcasters import order as order_upcasters
from schemas.upcasters import pattern as pattern_upcasters
from schemas.upcasters import position as position_upcasters

SUBJECTS = (
    market,
    timer,
    pattern,
    model,
    strategy,
    signal,
    order,
    risk,
    position,
    portfolio,
    allocation,
    operator,
    cell,
    reconciliation,
    alert,
    health,
)
"""The modules that hold payloads, by subject."""

UPCASTERS = (order_upcasters, pattern_upcasters, position_upcasters)
"""The modules that lift older payloads; a version that none of them lifts cannot be read."""
