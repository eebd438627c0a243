"""The ports of `workflows.contract` over the vendors' real protocols."""
