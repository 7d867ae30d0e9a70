"""From an answer to typed rows."""

import msgspec

from projections.store.port import Parameters, Queries


def ask[R: msgspec.Struct](
    queries: Queries, sql: str, parameters: Parameters, row: type[R]
) -> tuple[R, ...]:
    """The rows of an answer, each converted by the names of its columns.

    Raises:
        msgspec.ValidationError: the query's columns are not the row's fields.
    """
    answer = queries.query(sql, parameters)
    return tuple(
        msgspec.convert(dict(zip(answer.columns, values, strict=True)), row)
        for values in answer.rows
    )
