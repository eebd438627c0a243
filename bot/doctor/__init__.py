"""`python -m bot doctor`: is everything set up as it should be? It asks, and changes nothing."""
