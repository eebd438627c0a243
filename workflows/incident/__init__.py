"""Incidents: a response within the time the system's criticality allows, or a page."""
