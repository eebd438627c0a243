"""What the vendors' webhooks say, vendor by vendor."""
