"""The memory that answers questions: ClickHouse embedded or served, behind one port."""
