"""Webhooks over real HTTP, into a real database."""
