"""The processes: pure rules, one engine, and the ports to the outside."""
