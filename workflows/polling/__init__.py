"""Asking the vendors what they do not tell, or only say: the facts are the same as by webhook."""
