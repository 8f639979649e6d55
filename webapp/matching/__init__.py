"""Matches and groups between a request and its answer: whose they are, reasons in words, and their JSON."""
