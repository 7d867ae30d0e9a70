"""What every store must do. A backend enrols by subclassing and giving the ``store`` fixture: an
empty database of its own, closed afterwards.
"""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from projections.store.errors import QueryFailed, QueryRefused
from projections.store.port import Limits, Store

ROWS = pa.table(
    {"n": pa.array([1, 2, 3], pa.int64()), "price": [Decimal("1.10"), None, Decimal(2)]}
)


@pytest.fixture
def prices(store: Store) -> Store:
    """A store with a table of three rows."""
    store.execute(
        "CREATE TABLE prices (n Int64, price Nullable(Decimal(76, 18)))"
        " ENGINE = ReplacingMergeTree ORDER BY n"
    )
    store.insert("prices", ROWS)
    return store


class StoreContract:
    def test_gives_back_what_was_inserted(self, prices: Store) -> None:
        answer = prices.query("SELECT * FROM prices ORDER BY n")
        assert answer.columns == ("n", "price")
        assert answer.types == ("Int64", "Nullable(Decimal(76, 18))")
        assert answer.rows == ((1, Decimal("1.1")), (2, None), (3, Decimal(2)))

    def test_gives_columns_as_arrow(self, prices: Store) -> None:
        table = prices.query_arrow("SELECT n FROM prices ORDER BY n DESC")
        assert table.to_pydict() == {"n": [3, 2, 1]}

    def test_an_answer_without_rows_still_has_its_columns(self, prices: Store) -> None:
        nothing = "SELECT n, price FROM prices WHERE n > 3"
        assert prices.query(nothing).columns == ("n", "price")
        assert prices.query(nothing).rows == ()
        assert prices.query_arrow(nothing).column_names == ["n", "price"]

    def test_keeps_every_digit_of_a_decimal(self, store: Store) -> None:
        digits = "12345678901234567890123456789012.123456789012345678"
        answer = store.query(f"SELECT toDecimal256('{digits}', 18)")
        assert answer.rows == ((Decimal(digits),),)

    def test_sums_of_products_of_prices_and_sizes_do_not_overflow(self, store: Store) -> None:
        answer = store.query(
            "SELECT sum(price * size) FROM (SELECT toDecimal256('1.38727', 18) AS price,"
            " toDecimal256('1000000', 18) AS size FROM numbers(1000000))"
        )
        assert answer.rows == ((Decimal(1387270000000),),)

    def test_times_are_text_in_utc_to_the_nanosecond(self, store: Store) -> None:
        answer = store.query("SELECT fromUnixTimestamp64Nano(1399000001787654321, 'UTC')")
        assert answer.rows == (("2014-05-02 03:06:41.787654321",),)

    def test_numbers_beyond_a_double_stay_whole(self, store: Store) -> None:
        answer = store.query("SELECT toInt64(9007199254740993), toUInt64(18446744073709551615)")
        assert answer.rows == ((9007199254740993, 18446744073709551615),)

    def test_binds_parameters_whatever_they_hold(self, store: Store) -> None:
        nasty = "it's \\ a 'test'; DROP TABLE prices -- {x:String}\n\t"
        answer = store.query("SELECT {a:String}, {b:Int64}", {"a": nasty, "b": -7})
        assert answer.rows == ((nasty, -7),)

    def test_inserting_the_same_rows_again_changes_nothing_for_who_reads_final(
        self, prices: Store
    ) -> None:
        prices.insert("prices", ROWS)
        prices.insert("prices", ROWS.slice(1))
        assert prices.query("SELECT count() FROM prices FINAL").rows == ((3,),)

    def test_a_question_that_makes_no_sense_fails_with_what_clickhouse_said(
        self, prices: Store
    ) -> None:
        with pytest.raises(QueryFailed, match=r"Unknown .*`amount` .UNKNOWN_IDENTIFIER."):
            prices.query("SELECT amount FROM prices")
        with pytest.raises(QueryFailed, match="Syntax error"):
            prices.query("SELECT n FROM FROM prices")

    def test_a_failed_insert_is_told_and_can_be_repeated(self, prices: Store) -> None:
        with pytest.raises(QueryFailed):
            prices.insert("prices", pa.table({"n": ["not a number"]}))
        prices.insert("prices", ROWS)
        assert prices.query("SELECT count() FROM prices FINAL").rows == ((3,),)

    def test_closing_a_reader_twice_is_allowed(self, store: Store) -> None:
        reader = store.reader()
        reader.close()
        reader.close()
        assert store.query("SELECT 1").rows == ((1,),)


READS = {
    "a selection": ("SELECT n FROM prices WHERE n = 2", 1),
    "a trailing semicolon": ("SELECT n FROM prices;", 3),
    "comments": ("/* all; of */ SELECT n FROM prices -- INTO OUTFILE", 3),
    "a common table expression": ("WITH x AS (SELECT n FROM prices) SELECT * FROM x", 3),
    "a union": ("(SELECT n FROM prices) UNION ALL SELECT 4", 4),
    "text that looks dangerous": ("SELECT 'DROP TABLE prices; SELECT * FROM file(1)'", 1),
    "text in a heredoc": ("SELECT $$INSERT INTO file('x')$$", 1),
    "a column that is called like a function": ("SELECT file FROM (SELECT 1 AS file)", 1),
    "a list of tables": ("SHOW TABLES LIKE 'prices'", 1),
    "a table's columns": ("DESCRIBE prices", 2),
    "whether there is a table": ("EXISTS TABLE prices", 1),
    "numbers": ("SELECT number FROM numbers(5)", 5),
}

WRITES = {
    "an insert": "INSERT INTO prices SELECT 4, NULL",
    "an insert of values": "INSERT INTO prices VALUES (4, NULL)",
    "a table": "CREATE TABLE other (n Int64) ENGINE = Memory",
    "a temporary table": "CREATE TEMPORARY TABLE other (n Int64)",
    "a drop": "DROP TABLE prices",
    "a change": "ALTER TABLE prices DELETE WHERE 1",
    "a lightweight deletion": "DELETE FROM prices WHERE 1",
    "a truncation": "TRUNCATE TABLE prices",
    "a rename": "RENAME TABLE prices TO other",
    "a merge": "OPTIMIZE TABLE prices FINAL",
    "the system": "SYSTEM FLUSH LOGS",
    "a setting": "SET readonly = 0",
    "a setting of one query": "SELECT 1 SETTINGS readonly = 0",
    "a looser limit": "SELECT 1 SETTINGS max_result_rows = 0",
    "a kill": "KILL QUERY WHERE 1",
    "another database": "USE system",
    "a grant": "GRANT ALL ON *.* TO default",
    "two statements": "SELECT 1; DROP TABLE prices",
    "two reads": "SELECT 1; SELECT 2",
    "a statement after a comment": "/* SELECT */ DROP TABLE prices",
    "a file to write": "SELECT 1 INTO OUTFILE '{outside}.csv'",
    "a file to write, hidden": "SELECT 1 into/**/outfile '{outside}.csv' TRUNCATE",
    "a file as a table": "SELECT * FROM file('{outside}', 'LineAsString')",
    "a file as a value": "SELECT file('{outside}')",
    "a file as a value, quoted": "SELECT `file` ('{outside}')",
    "a file behind a name": "SELECT * FROM `{outside}`",
    "a file's columns": "DESCRIBE TABLE file('{outside}', 'CSV')",
    "a file in a subquery": "SELECT (SELECT any(line) FROM file('{outside}', 'LineAsString'))",
    "a url": "SELECT * FROM url('http://localhost:1/', 'LineAsString')",
    "another server": "SELECT * FROM remote('localhost:1', 'system.one')",
    "another database's server": "SELECT * FROM mysql('localhost:1', 'd', 't', 'u', 'p')",
    "a bucket": "SELECT * FROM s3('http://localhost:1/x', 'LineAsString')",
    "a program": "SELECT * FROM executable('x', 'LineAsString', 'line String')",
    "an explained file": "EXPLAIN SELECT * FROM file('{outside}', 'LineAsString')",
    "a format": "SELECT 1 FORMAT CSV",
    "nothing": "",
}


class ReaderContract:
    @pytest.mark.parametrize("kind", READS)
    def test_lets_strangers_read(self, prices: Store, kind: str) -> None:
        sql, rows = READS[kind]
        with prices.reader() as reader:
            assert len(reader.query(sql).rows) == rows

    @pytest.mark.parametrize("kind", WRITES)
    def test_lets_strangers_do_nothing_else(self, prices: Store, kind: str, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        outside.write_text("secret\n")
        with prices.reader() as reader:
            with pytest.raises((QueryRefused, QueryFailed)) as refusal:
                reader.query(WRITES[kind].format(outside=outside))
            assert reader.query("SELECT count() FROM prices").rows == ((3,),)
        assert "secret" not in str(refusal.value)
        assert [path.name for path in tmp_path.glob("outside*")] == ["outside"]
        assert prices.query("SELECT name FROM system.tables WHERE name = 'other'").rows == ()

    def test_stops_an_answer_that_is_too_long(self, prices: Store) -> None:
        with prices.reader(Limits(rows_max=100)) as reader:
            assert len(reader.query("SELECT number FROM numbers(100)").rows) == 100
            with pytest.raises(QueryFailed, match="max rows"):
                reader.query("SELECT number FROM numbers(101)")

    def test_stops_a_question_that_takes_too_long(self, prices: Store) -> None:
        with prices.reader(Limits(seconds_max=1)) as reader:
            with pytest.raises(QueryFailed, match="TIMEOUT_EXCEEDED"):
                reader.query("SELECT count() FROM numbers(1000000000000) WHERE number % 7 = 3")
            assert reader.query("SELECT 1").rows == ((1,),)

    def test_stops_a_question_that_needs_too_much_memory(self, prices: Store) -> None:
        limits = Limits(memory_bytes_max=50_000_000)
        hungry = "SELECT length(groupArray(number)) FROM numbers(100000000)"
        with prices.reader(limits) as reader, pytest.raises(QueryFailed, match="MEMORY_LIMIT"):
            reader.query(hungry)

    def test_readers_see_what_is_inserted_after_they_were_opened(self, prices: Store) -> None:
        with prices.reader() as reader:
            prices.insert("prices", pa.table({"n": [4]}))
            assert reader.query("SELECT count() FROM prices").rows == ((4,),)
