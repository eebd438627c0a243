"""The control API: what a driver can ask for."""
