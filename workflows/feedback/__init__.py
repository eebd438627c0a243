"""Product feedback: what customers say about the product, brought to those who build it."""
