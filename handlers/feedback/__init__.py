"""Customer feedback in Slack: `/feedback`, the message shortcut, the cards and modals."""
