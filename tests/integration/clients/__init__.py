"""The vendors' clients, over real HTTP, against the sandbox's vendors: one contract a vendor."""
