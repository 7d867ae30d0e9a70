"""PNG files, read back by the standard's rules."""

import struct
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray

from actors.patterns.charts.colour import Part, candle_chart
from actors.patterns.charts.grey import grey_chart
from actors.patterns.charts.png import png
from tests.actors.patterns.drawn import SPY


def read(file: bytes) -> NDArray[np.uint8]:
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    at, data, shape = 8, b"", (0, 0, 0)
    while at < len(file):
        (length,), name = struct.unpack(">I", file[at : at + 4]), file[at + 4 : at + 8]
        content = file[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack(">I", file[at + 8 + length : at + 12 + length])
        assert checksum == zlib.crc32(name + content)
        if name == b"IHDR":
            width, height, depth, kind, *rest = struct.unpack(">IIBBBBB", content)
            assert (depth, rest) == (8, [0, 0, 0])
            shape = height, width, {0: 1, 2: 3}[kind]
        if name == b"IDAT":
            data += content
        at += 12 + length
    height, width, channels = shape
    rows = np.frombuffer(zlib.decompress(data), dtype=np.uint8).reshape(height, -1)
    assert not rows[:, 0].any()
    return rows[:, 1:].reshape(height, width, channels).squeeze()


@pytest.mark.parametrize(
    "picture",
    [grey_chart(SPY, 20), candle_chart([Part("1m", SPY[240:300])])],
    ids=["grey", "colour"],
)
def test_a_picture_comes_back_from_its_file(picture: NDArray[np.uint8]) -> None:
    assert np.array_equal(read(png(picture)), picture)


@pytest.mark.parametrize("shape", [(4,), (4, 4, 4), (4, 4, 3, 1)])
def test_refuses_what_is_no_picture(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="no picture: uint8"):
        png(np.zeros(shape, dtype=np.uint8))


def test_refuses_numbers_that_are_no_pixels() -> None:
    with pytest.raises(ValueError, match=r"no picture: float64\[4, 4\]"):
        png(np.zeros((4, 4)))  # type: ignore[arg-type]  # what a caller without types might give
