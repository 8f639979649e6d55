"""Search, completion and reconciliation."""
