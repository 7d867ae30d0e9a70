"""How much of a GPU's memory the models of a process may take."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from schemas.errors import UserError

_MB: Final = 1024 * 1024


class MemoryLimit(msgspec.Struct, frozen=True, kw_only=True):
    """The smaller of the two counts. What CUDA itself takes, some hundred megabytes a process, is
    not in it.

    Attributes:
        share: of the GPU's memory.
        mb: in megabytes of 1024 x 1024 bytes.
    """

    share: Annotated[float, Meta(gt=0, le=1)] = 1.0
    mb: Annotated[int, Meta(gt=0)] | None = None

    def fraction(self, total: int) -> float:
        """What it comes to as a share of a GPU with so many bytes.

        Raises:
            UserError: the GPU has less than ``mb``.
        """
        if self.mb is None:
            return self.share
        if self.mb * _MB > total:
            raise UserError(f"memory_mb = {self.mb}: the GPU has {total // _MB} MB")
        return min(self.share, self.mb * _MB / total)


def hold_to(limit: MemoryLimit) -> None:
    """Let torch refuse whatever this process wants beyond its limit on the current GPU, as if the
    GPU were full. Its allocator gives back first what it only kept for later.

    Raises:
        UserError: the GPU has less than the limit.
    """
    import torch

    gpu = torch.cuda.get_device_properties(torch.cuda.current_device())
    torch.cuda.set_per_process_memory_fraction(limit.fraction(gpu.total_memory))
