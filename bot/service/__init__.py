"""The running desk: put together, set going, reached by Slack and the vendors."""
