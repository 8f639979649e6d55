"""What happened: revisions, log and recent changes, their summaries."""
