"""What the streams application reads, how it cuts time, and where it is looked at."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from schemas.quantities import Nanoseconds

_MS: Final = 1_000_000


class StreamsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How closely to look.

    Attributes:
        window_ms: market time of a window.
        windows: how many of each log are kept; older ones are dropped.
        max_silence_ms: an instrument that was silent for longer is not well; 0 never minds.
    """

    window_ms: Annotated[int, Meta(gt=0)] = 60_000
    windows: Annotated[int, Meta(gt=0, le=10_000)] = 60
    max_silence_ms: Annotated[int, Meta(ge=0)] = 60_000

    @property
    def length(self) -> Nanoseconds:
        """Of a window."""
        return self.window_ms * _MS

    @property
    def max_silence(self) -> Nanoseconds:
        """``max_silence_ms`` in nanoseconds."""
        return self.max_silence_ms * _MS
