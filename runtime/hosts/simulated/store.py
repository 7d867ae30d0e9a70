"""ClickHouse as the projector needs it: takes a row as often as it is given, and half an insert."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NoReturn, Self

import pyarrow as pa

from projections.store.port import Answer, Form, Limits, Parameters, Value
from projections.tables.table import STORED
from runtime.hosts.simulated.faults import Crash, Faults

type Row = Mapping[str, object]


def as_rows(table: pa.Table) -> list[Row]:
    """The rows of an Arrow table; times become nanoseconds, which Python's own cannot hold."""
    for index, column in enumerate(table.schema):
        if pa.types.is_timestamp(column.type):
            table = table.set_column(index, column.name, table.column(index).cast(pa.int64()))
    rows: list[Row] = table.to_pylist()
    return rows


class SimulatedStore:
    """Tables of rows, repeats and all. It implements ``projections.store.port.Store``.

    It answers the four questions that a projector asks when it starts, and no other.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults: Final = faults
        self._inserted: Final[defaultdict[str, list[pa.Table]]] = defaultdict(list)

    def execute(self, statement: str) -> None:
        assert statement.startswith("CREATE"), statement

    def insert(self, table: str, rows: pa.Table) -> None:
        if table == "checkpoints":
            self._faults.boundary("projector.before_checkpoint")
        elif table.startswith(STORED):
            self._faults.boundary("projector.before_insert")
            if self._faults.strike("store.torn_insert"):
                self._inserted[table].append(rows.slice(0, self._faults.pick(rows.num_rows)))
                raise Crash("store.torn_insert")
        self._inserted[table].append(rows)
        if table == "checkpoints":
            self._faults.boundary("projector.after_checkpoint")

    def query(self, sql: str, parameters: Parameters | None = None) -> Answer:  # noqa: ARG002 -- the port's
        found: dict[str, int | str] = {}
        if "FROM layout" in sql:
            found.update((str(row["part"]), str(row["digest"])) for row in self.rows("layout"))
        elif "FROM checkpoints" in sql:
            found.update(self._highest("checkpoints", "stream", "next"))
        elif "FROM slices" in sql:
            ends = self._highest(f"{STORED}slices", "source", "to_seq")
            found.update((source, last + 1) for source, last in ends.items())
        else:
            assert "FROM system.tables" in sql, sql
        rows: tuple[tuple[Value, ...], ...] = tuple(found.items())
        return Answer(columns=(), types=(), rows=rows)

    def rows(self, table: str) -> Iterator[Row]:
        """Everything ever inserted into a table, oldest first."""
        for part in self._inserted[table]:
            yield from as_rows(part)

    def final(self, table: str, key: tuple[str, ...]) -> dict[tuple[object, ...], Row]:
        """One row a key, the last that came: what ``FINAL`` reads."""
        return {tuple(row[name] for name in key): row for row in self.rows(table)}

    def query_arrow(self, sql: str, parameters: Parameters | None = None) -> NoReturn:  # noqa: ARG002 -- the port's
        raise AssertionError(f"a projector asks for no columns: {sql}")

    def fetch(self, sql: str, parameters: Parameters | None, form: Form) -> NoReturn:  # noqa: ARG002 -- the port's
        raise AssertionError(f"a projector passes no answer on: {sql}")

    def reader(self, limits: Limits | None = None) -> NoReturn:  # noqa: ARG002 -- the port's
        raise AssertionError("a projector serves nobody")

    def close(self) -> None:
        """Nothing is held open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _highest(self, table: str, name: str, number: str) -> dict[str, int]:
        highest: dict[str, int] = {}
        for row in self.rows(table):
            key, value = str(row[name]), int(str(row[number]))
            highest[key] = max(value, highest.get(key, value))
        return highest
