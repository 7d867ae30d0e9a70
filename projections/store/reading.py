"""Whether a statement only reads this store. ClickHouse's ``readonly`` is the second lock."""

import re
from typing import Final

from projections.store.errors import QueryRefused

_READS: Final = ("SELECT", "WITH", "SHOW", "DESCRIBE", "EXPLAIN", "EXISTS", "(")
_LITERAL: Final = re.compile(r"'(?:[^'\\]|\\.)*'", re.DOTALL)
_CALL: Final = re.compile(r"(\w+)`?\s*\(")

# ClickHouse's read-only mode refuses tables that reach outside; the function ``file()`` and
# ``DESCRIBE TABLE url(...)`` pass it.
_OUTSIDE: Final = re.compile(
    r"azureBlobStorage|cluster|deltaLake|executable|file|gcs|hdfs|hudi|iceberg|input|jdbc|mongodb"
    r"|mysql|odbc|postgresql|python|redis|remote|s3|sqlite|url",
    re.IGNORECASE,
)


def check_reads(statement: str) -> None:
    """Raise unless a statement only reads the store.

    Args:
        statement: one statement in ClickHouse's canonical form (``formatQuerySingleLine``): without
            comments, keywords in capitals, string literals in single quotes.

    Raises:
        QueryRefused: it writes, changes settings, or reaches files, hosts or programs.
    """
    code = _LITERAL.sub("''", statement)
    if not code.startswith(_READS):
        raise QueryRefused(f"only reading is allowed here, not {code.split(maxsplit=1)[0]}")
    if "INTO OUTFILE" in code:
        raise QueryRefused("INTO OUTFILE writes a file; only reading is allowed here")
    if re.search(r"\bFORMAT \w+$", code):
        raise QueryRefused("leave FORMAT out; the program asks for the form that it needs")
    if code.startswith(("DESCRIBE", "SHOW", "EXISTS")) and "(" in code:
        raise QueryRefused("DESCRIBE, SHOW and EXISTS take the name of a table or view")
    for function in _CALL.findall(code):
        if _OUTSIDE.match(function):
            raise QueryRefused(f"{function}() reaches outside the store, which is all one may read")
