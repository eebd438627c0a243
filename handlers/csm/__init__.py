"""What customer success managers do and see in Slack."""
