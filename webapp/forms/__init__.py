"""Forms that are drawn anew by every button until they are saved: lines, times, and the forms of profile and record."""
