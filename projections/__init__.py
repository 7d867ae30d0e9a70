"""What can be asked: tables, queries and analytics derived from the logs."""
