"""What decides the shape of a fast model: enough to build it, and to refuse weights of another."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from actors.patterns.charts.grey import LAYOUTS

DIRECTIONS: Final = 3
"""Down, flat, up: the order of ``labels.outcomes.Outcome``."""

CHART_BARS: Final = 20


class FastArchitecture(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A convolution over the chart, a patch transformer over the numbers, attention across
    instruments.

    Attributes:
        columns: features in a row; context: rows that it reads, a multiple of ``patch``.
        patch: rows that become one token (Nie et al. 2023, PatchTST).
        width: of a token and of every embedding, a multiple of ``heads``.
        channels: of the convolutions, which each halve the picture.
        patterns: classes of the pattern head, in order.
        horizon: bars ahead that the answers speak about.
    """

    columns: Annotated[int, Meta(ge=1)]
    patterns: tuple[str, ...]
    horizon: Annotated[int, Meta(ge=1)]
    context: Annotated[int, Meta(ge=1)] = 32
    patch: Annotated[int, Meta(ge=1)] = 4
    width: Annotated[int, Meta(ge=1)] = 48
    heads: Annotated[int, Meta(ge=1)] = 4
    layers: Annotated[int, Meta(ge=1)] = 2
    channels: tuple[int, ...] = (8, 16, 32)
    dropout: Annotated[float, Meta(ge=0, lt=1)] = 0.3

    def __post_init__(self) -> None:
        if self.context % self.patch:
            raise ValueError("`context` must be a multiple of `patch`")
        if self.width % self.heads:
            raise ValueError("`width` must be a multiple of `heads`")

    @property
    def chart_shape(self) -> tuple[int, int]:
        """Height and width of a chart in pixels."""
        layout = LAYOUTS[CHART_BARS]
        return layout.height, layout.width

    def canonical(self) -> bytes:
        """The one spelling of it, for digests."""
        return msgspec.json.encode(self, order="deterministic")
