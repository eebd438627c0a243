"""Satisfaction reviews in Slack: the queue, its forms, and what is said about reviews."""
