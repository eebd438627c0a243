"""The pure parts of the sandbox's page."""
