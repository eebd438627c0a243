"""What the listeners and renderings of every process use."""
