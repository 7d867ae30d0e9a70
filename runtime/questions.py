"""The questions that have a name: each a query of ``projections.queries`` over one run."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from projections.queries.data_quality import refused_rows, silent_stretches, tick_quality
from projections.queries.drawdowns import drawdowns
from projections.queries.equity import equity_curve
from projections.queries.exposure import exposure
from projections.queries.latency import latency_by_stage
from projections.queries.mark_outs import mark_outs
from projections.queries.round_trips import round_trips
from projections.queries.slippage import slippage
from projections.queries.vetoes import veto_reasons, vetoes
from projections.queries.withheld import withheld_reasons
from projections.store.port import Queries

type Question = Callable[[Queries, str], Sequence[msgspec.Struct]]
"""Takes where to ask and a run; typed rows come back."""

QUESTIONS: Final[Mapping[str, Question]] = MappingProxyType(
    {
        "round-trips": round_trips,
        "mark-outs": mark_outs,
        "slippage": slippage,
        "equity": equity_curve,
        "drawdowns": drawdowns,
        "exposure": exposure,
        "vetoes": vetoes,
        "veto-reasons": veto_reasons,
        "withheld-reasons": withheld_reasons,
        "latency": latency_by_stage,
        "tick-quality": tick_quality,
        "refused-rows": refused_rows,
        "gaps": silent_stretches,
    }
)
"""Every question by its name on the command line."""
