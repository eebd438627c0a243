"""The pure pieces of the sandbox."""
