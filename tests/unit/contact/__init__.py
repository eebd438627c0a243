"""Manager contact: the rules, the schedule, what is read and what is shown."""
