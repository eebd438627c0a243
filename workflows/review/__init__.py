"""Satisfaction reviews: what customers say of how their tickets were handled, and what managers do about it."""
