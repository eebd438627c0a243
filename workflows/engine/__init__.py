"""The one engine, and what carries out its effects: the only room of workflows that knows the database."""
