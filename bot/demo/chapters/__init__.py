"""The chapters of the tour: each process plays its own story."""
