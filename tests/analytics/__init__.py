"""Panels, their charts and pages."""
