"""Arrow without pandas: pyarrow imports it, if it is there, to see whether a list is one of its
arrays.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

import pyarrow as pa

_UNWANTED: Final = "pandas"


class _Hidden(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname == _UNWANTED:
            raise ModuleNotFoundError(f"{fullname} is of no use here", name=fullname)
        return None


def spare_pandas() -> None:
    """Let pyarrow look for pandas now, once, and not find it: a quarter of a second is saved.

    Whoever imports it afterwards gets it as ever; only pyarrow's conversions from and to it are
    missing in this process.
    """
    hidden = _Hidden()
    sys.meta_path.insert(0, hidden)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(hidden)
