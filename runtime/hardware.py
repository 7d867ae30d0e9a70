"""Which profile a machine gets: a pure function from what was measured to how to run, and why."""

from typing import Final, Literal

import msgspec

GIB: Final = 1024**3

SMALL_MEMORY_BYTES: Final = 4 * GIB
LARGE_MEMORY_BYTES: Final = 32 * GIB
LARGE_CORES: Final = 8
MODEL_MEMORY_BYTES: Final = 8 * GIB
"""Video memory that a small vision-language model needs in half precision, with its cache."""

SLOW_COMMIT_MS: Final = 5.0


class Gpu(msgspec.Struct, frozen=True, kw_only=True):
    """One graphics card."""

    name: str
    memory_bytes: int


class Hardware(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured.

    Attributes:
        cores: that this process may use.
        memory_bytes: of the machine, or of the container that limits it.
        write_mb_s: throughput of one large fsynced write in the home.
        commit_ms: median time of one durable journal commit in the home.
    """

    cores: int
    memory_bytes: int
    gpus: tuple[Gpu, ...]
    write_mb_s: float
    commit_ms: float


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """How to run on that machine.

    Attributes:
        name: ``small``, ``standard`` or ``large``.
        projector: whether ClickHouse is written beside the cell or after it.
        cells: how many cells the machine carries at once.
        inference: where models run.
        group_commit_ms: how long a live journal gathers steps for one durable commit.
        reasons: a sentence for each choice.
    """

    name: Literal["small", "standard", "large"]
    projector: Literal["beside", "after"]
    cells: int
    inference: Literal["gpu", "cpu"]
    group_commit_ms: int
    reasons: tuple[str, ...]


def profile_for(hardware: Hardware) -> Profile:
    """The profile for a machine."""
    name, named_because = _size(hardware)
    beside = hardware.cores >= 2
    cells = max(1, hardware.cores // 2)
    model_gpu = max(hardware.gpus, key=lambda gpu: gpu.memory_bytes, default=None)
    on_gpu = model_gpu is not None and model_gpu.memory_bytes >= MODEL_MEMORY_BYTES
    gathered_ms = _group_commit_ms(hardware.commit_ms)
    return Profile(
        name=name,
        projector="beside" if beside else "after",
        cells=cells,
        inference="gpu" if on_gpu else "cpu",
        group_commit_ms=gathered_ms,
        reasons=(
            named_because,
            _projector_reason(beside=beside, cores=hardware.cores),
            f"Cells at once: {cells}. A cell is one thread, and its projector takes another core.",
            _inference_reason(model_gpu, on_gpu=on_gpu),
            _commit_reason(hardware.commit_ms, gathered_ms),
        ),
    )


def _size(hardware: Hardware) -> tuple[Literal["small", "standard", "large"], str]:
    memory = f"{hardware.memory_bytes / GIB:.0f} GiB of memory"
    cores = f"{hardware.cores} cores"
    if hardware.memory_bytes < SMALL_MEMORY_BYTES or hardware.cores < 2:
        return "small", f"{cores} and {memory}: below 2 cores or 4 GiB things run one by one."
    if hardware.memory_bytes >= LARGE_MEMORY_BYTES and hardware.cores >= LARGE_CORES:
        return "large", f"{cores} and {memory}: room for several cells and their models."
    return "standard", f"{cores} and {memory}: a cell and its projector side by side."


def _projector_reason(*, beside: bool, cores: int) -> str:
    if beside:
        return f"The projector runs beside the cell: {cores} cores let the two overlap."
    return "The projector runs after the cell: on one core they would only take turns."


def _inference_reason(gpu: Gpu | None, *, on_gpu: bool) -> str:
    if gpu is None:
        return "Models run on the CPU: no GPU was found."
    memory = f"{gpu.memory_bytes / GIB:.0f} GiB"
    if on_gpu:
        return f"Models run on the {gpu.name}: its {memory} hold them."
    return f"Models run on the CPU: the {memory} of the {gpu.name} do not hold them."


def _commit_reason(commit_ms: float, gathered_ms: int) -> str:
    taken = f"A durable commit takes {commit_ms:.1f} ms here"
    if gathered_ms == 0:
        return f"{taken}, so a live journal commits every step at once."
    return f"{taken}, so a live journal gathers steps for {gathered_ms} ms."


def _group_commit_ms(commit_ms: float) -> int:
    """Nothing where the disk is quick; else about one commit, so that the disk is never idle."""
    return 0 if commit_ms < SLOW_COMMIT_MS else round(commit_ms)
