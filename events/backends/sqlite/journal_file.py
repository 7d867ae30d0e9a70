"""A journal's database file: what is in it."""

from typing import Final

from events.backends.sqlite.database import Layout

LAYOUT: Final = Layout(
    name="journal",
    application_id=b"WkJl",
    tables=(
        """
        CREATE TABLE steps (
            seq INTEGER PRIMARY KEY,
            crc INTEGER NOT NULL,
            body BLOB NOT NULL
        ) STRICT
        """,
    ),
)
"""Steps as JSON with their CRC-32. The chain of digests is over exactly these bytes."""
