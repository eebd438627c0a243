"""What would happen when, by the real rules."""
