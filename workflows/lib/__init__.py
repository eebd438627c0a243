"""What rules are built from, whatever they are about: business time, durations, tickets, mark-up."""
