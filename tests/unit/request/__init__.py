"""The rules of requests to Support Operations."""
