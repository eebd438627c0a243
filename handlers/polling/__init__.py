"""Asking the vendors: nothing of it is seen but what the admins are told."""
