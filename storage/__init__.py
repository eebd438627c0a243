"""Tables, transactions, queries and migrations; knows nothing of the processes."""
