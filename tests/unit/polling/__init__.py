"""Asking the vendors for what they do not tell."""
