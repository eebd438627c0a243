"""The ports of `workflows.ports` over the vendors' real protocols."""
