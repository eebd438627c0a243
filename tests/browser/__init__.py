"""The sandbox's page, used in a real browser."""
