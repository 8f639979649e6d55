"""Records that have managers: organizations, events, projects, and reports."""
