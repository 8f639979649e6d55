"""What is taken in from elsewhere and given out again."""
