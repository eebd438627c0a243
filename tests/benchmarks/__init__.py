"""How fast the desk is, against floors measured in the same run. Run by hand; nothing here is a test."""
