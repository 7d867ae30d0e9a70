"""Decodes answers, for every way of fetching them."""

from abc import ABC, abstractmethod
from typing import Self

import pyarrow as pa

from projections.store.answers import columns_of, rows_of
from projections.store.port import Answer, Form, Parameters


class Asked(ABC):
    """The ``Queries`` of anything that can fetch an answer as bytes."""

    @abstractmethod
    def fetch(self, sql: str, parameters: Parameters | None, form: Form) -> bytes:
        """An answer undecoded, to be passed on."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the connection; closing twice is allowed."""

    def query(self, sql: str, parameters: Parameters | None = None) -> Answer:
        """Rows, for people and reports."""
        return rows_of(self.fetch(sql, parameters, Form.ROWS))

    def query_arrow(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """Columns, for many rows."""
        return columns_of(self.fetch(sql, parameters, Form.COLUMNS))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
