"""The ports of `workflows.contract.ports` over the vendors' real protocols."""
