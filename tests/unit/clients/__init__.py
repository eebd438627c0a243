"""The vendors' clients, without a network: odd answers."""
