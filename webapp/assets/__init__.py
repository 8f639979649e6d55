"""What browsers load beside a page: static files, the style sheet of Codex, and the colours of the root capacities."""
