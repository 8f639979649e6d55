"""The service as its operator meets it: commands, wiring, back-ups, outages, state."""
