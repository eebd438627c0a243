"""Help for customer success managers: new tickets of their accounts, look-ups, and readable links to tickets."""
