"""The running program: the only place where the parts are put together."""
