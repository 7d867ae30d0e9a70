"""What is remembered: a table a module, each its DDL and a pure function that makes its rows."""
