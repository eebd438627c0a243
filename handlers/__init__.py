"""What people do in Slack becomes an event; what they see is rendered from the case as it is now."""
