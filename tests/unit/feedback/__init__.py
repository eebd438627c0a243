"""The rules of feedback, and what people see of them."""
