"""What rules and the engine say to each other: events, facts, effects, ports, values and errors."""
