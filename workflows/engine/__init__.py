"""The one engine, and what executes its effects: the only room of workflows that knows the database."""
