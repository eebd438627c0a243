"""The tables, on SQLite and on PostgreSQL."""
