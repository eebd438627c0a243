"""Requests to Support Operations in Slack."""
