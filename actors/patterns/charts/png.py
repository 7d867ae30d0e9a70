"""A picture as a PNG file, byte for byte the same for the same pixels and the same zlib.

Portable Network Graphics (Third Edition), W3C Recommendation: signature, header, one compressed
data chunk of unfiltered rows, end.
"""

import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_GREY: Final = 0
_COLOUR: Final = 2
_LEVEL: Final = 9


def png(picture: NDArray[np.uint8]) -> bytes:
    """The file's bytes.

    Args:
        picture: uint8[h, w] in grey, or uint8[h, w, 3] in red, green and blue.

    Raises:
        ValueError: it is neither.
    """
    is_colour = picture.ndim == 3 and picture.shape[2] == 3
    if picture.dtype != np.uint8 or not (picture.ndim == 2 or is_colour):
        raise ValueError(f"no picture: {picture.dtype}{list(picture.shape)}")
    height, width = picture.shape[:2]
    kind = _COLOUR if is_colour else _GREY
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    rows = np.ascontiguousarray(picture).reshape(height, -1)
    unfiltered = np.concatenate((np.zeros((height, 1), dtype=np.uint8), rows), axis=1)
    data = zlib.compress(unfiltered.tobytes(), _LEVEL)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)
