"""The engine and the dispatcher, with a small process of the tests' own, on SQLite and on PostgreSQL."""
