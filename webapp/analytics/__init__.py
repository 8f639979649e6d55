"""The panels of the analytics: what is asked of them, as JSON and CSV, as a page shows them, and as charts."""
