"""A connection for questions of strangers: it reads this store, within limits, and nothing else."""

from typing import Final

from projections.store.asked import Asked
from projections.store.connection import Connect, Connection, Settings
from projections.store.port import Form, Limits, Parameters
from projections.store.reading import check_reads


class Reader(Asked):
    """Refuses by the statement's form first; ClickHouse's read-only mode stands behind it."""

    def __init__(self, connect: Connect, limits: Limits) -> None:
        self._connection: Final = Connection(connect, _settings(limits))

    def fetch(self, sql: str, parameters: Parameters | None, form: Form) -> bytes:
        """An answer undecoded; raises ``QueryRefused`` when there is more to it than reading."""
        canonical = self._canonical(sql)
        check_reads(canonical)
        return self._connection.fetch(canonical, parameters, form)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _canonical(self, sql: str) -> str:
        # ClickHouse's own parser: it refuses several statements, and takes comments out.
        asked = "SELECT formatQuerySingleLine({sql:String})"
        return str(self._connection.query(asked, {"sql": sql}).rows[0][0])


def _settings(limits: Limits) -> Settings:
    # ``readonly`` comes last: from then on a session may change no setting, this one included.
    return {
        "max_result_rows": limits.rows_max,
        "result_overflow_mode": "throw",
        "max_execution_time": limits.seconds_max,
        "timeout_overflow_mode": "throw",
        "max_memory_usage": limits.memory_bytes_max,
        "readonly": 1,
    }
