"""What the desk is measured beside: a bare Bolt app, and the field's usual form. Each runs as its own process."""
