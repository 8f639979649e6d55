"""The same work done again by plain loops, without looking at the code under test, to hold it against."""
