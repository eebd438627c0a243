"""Anything at all at every door: a few seconds of it in `make test`, ten minutes in `make soak`."""
