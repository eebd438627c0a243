"""A Slack workspace of one's own with the desk in it, and the tour through it."""
