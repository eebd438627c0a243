"""Requests to Support Operations: asked the right way, and followed until they arrive."""
