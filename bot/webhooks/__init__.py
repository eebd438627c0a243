"""What the vendors tell over HTTP: checked, read as facts, saved, answered."""
