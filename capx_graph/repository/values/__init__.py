"""Values of statements: their forms and hashes, what datatypes demand, text to value and value to text."""
