"""The rules of incidents, without engine, database or Slack."""
