"""The rules of the help for customer success managers, and what people see of it."""
