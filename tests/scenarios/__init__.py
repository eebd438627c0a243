"""What people do and see, from the first command to the closed case."""
