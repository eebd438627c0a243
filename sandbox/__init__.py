"""A Slack workspace and the vendors, on your own machine; knows the protocols and nothing of the bot."""
