"""Parts put together: over HTTP, over WebSockets, on both databases."""
