"""pyarrow is kept from importing pandas, and nobody else is."""

import subprocess
import sys

_PROGRAM = """
import sys
from runtime.lean_arrow import spare_pandas
spare_pandas()
import pyarrow as pa
assert pa.array([1, None]).to_pylist() == [1, None]
assert "pandas" not in sys.modules
import pandas
assert pandas.Series([1]).sum() == 1
"""


def test_arrow_does_without_pandas_which_can_still_be_had() -> None:
    subprocess.run([sys.executable, "-c", _PROGRAM], check=True)


def test_without_it_arrow_imports_pandas() -> None:
    """The reason why there is such a thing; when this fails it can go."""
    told = "import sys, pyarrow; pyarrow.array([1]); sys.exit('pandas' not in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
