"""The policy file: read with its lines, checked, laid over the default one, shown."""
