"""The protocols: Web API, Socket Mode, Events API, interactions."""
