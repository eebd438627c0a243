"""The rules of satisfaction reviews, without a desk."""
