"""Which profile a machine gets, as a table."""

import pytest

from runtime.hardware import GIB, Gpu, Hardware, profile_for

SMALL_CARD = Gpu(name="T400", memory_bytes=2 * GIB)
LARGE_CARD = Gpu(name="H200", memory_bytes=139 * GIB)


def hardware(
    cores: int = 4, memory: int = 16, gpus: tuple[Gpu, ...] = (), commit_ms: float = 0.5
) -> Hardware:
    return Hardware(
        cores=cores,
        memory_bytes=memory * GIB,
        gpus=gpus,
        write_mb_s=500.0,
        commit_ms=commit_ms,
    )


@pytest.mark.parametrize(
    ("cores", "memory", "name"),
    [
        (1, 16, "small"),
        (2, 3, "small"),
        (2, 4, "standard"),
        (8, 16, "standard"),
        (7, 32, "standard"),
        (8, 32, "large"),
        (64, 512, "large"),
    ],
)
def test_cores_and_memory_decide_the_profile(cores: int, memory: int, name: str) -> None:
    assert profile_for(hardware(cores, memory)).name == name


@pytest.mark.parametrize(("cores", "projector"), [(1, "after"), (2, "beside")])
def test_the_projector_runs_beside_the_cell_where_there_is_a_core_for_it(
    cores: int, projector: str
) -> None:
    assert profile_for(hardware(cores)).projector == projector


@pytest.mark.parametrize(
    ("gpus", "inference"),
    [((), "cpu"), ((SMALL_CARD,), "cpu"), ((SMALL_CARD, LARGE_CARD), "gpu")],
)
def test_models_run_on_a_card_that_holds_them(gpus: tuple[Gpu, ...], inference: str) -> None:
    assert profile_for(hardware(gpus=gpus)).inference == inference


@pytest.mark.parametrize(("commit_ms", "gathered"), [(0.2, 0), (4.9, 0), (5.0, 5), (12.4, 12)])
def test_a_slow_disk_gathers_steps_for_about_one_commit(commit_ms: float, gathered: int) -> None:
    assert profile_for(hardware(commit_ms=commit_ms)).group_commit_ms == gathered


def test_every_choice_has_a_reason_that_names_what_it_rests_on() -> None:
    reasons = " ".join(profile_for(hardware(8, 64, (LARGE_CARD,), 12.0)).reasons)
    for fact in ("8 cores", "64 GiB", "H200", "12.0 ms"):
        assert fact in reasons
