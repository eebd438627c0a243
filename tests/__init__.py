"""The tests; `tests.world` is the world of a scenario."""
