"""Manager-contact requests in Slack: `/manager-contact`, messages in the channel, the cards, modals and reminders."""
