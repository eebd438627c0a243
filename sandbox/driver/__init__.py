"""People and hands for tests and the demo, over the control API."""
