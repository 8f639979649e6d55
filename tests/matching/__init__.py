"""Matches and groups."""
