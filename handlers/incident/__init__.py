"""Incidents in Slack: their channel, `/incident`, the message shortcut, the cards and modals."""
