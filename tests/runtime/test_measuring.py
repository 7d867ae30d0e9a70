"""What the machine says about itself, in the units that the profile expects."""

from pathlib import Path

from runtime.hardware import Gpu
from runtime.measuring import ENGINES, engine_versions, measure, parse_graphics_cards


def test_measures_this_machine_and_leaves_nothing_behind(tmp_path: Path) -> None:
    hardware = measure(tmp_path)
    assert hardware.cores >= 1
    assert 2**28 < hardware.memory_bytes < 2**50
    assert hardware.write_mb_s > 0
    assert 0 < hardware.commit_ms < 10_000
    assert list(tmp_path.iterdir()) == []


def test_reads_the_cards_that_nvidia_smi_lists() -> None:
    listing = "NVIDIA H200, 143771\nNVIDIA A2, with a comma, 15356\nbroken card, [N/A]\n"
    assert parse_graphics_cards(listing) == (
        Gpu(name="NVIDIA H200", memory_bytes=143771 * 2**20),
        Gpu(name="NVIDIA A2, with a comma", memory_bytes=15356 * 2**20),
    )


def test_knows_the_version_of_every_engine() -> None:
    versions = engine_versions()
    assert set(versions) == set(ENGINES)
    assert "missing" not in versions.values()
