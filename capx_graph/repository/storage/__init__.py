"""Where entities lie: the SQLite file, its transactions, what is read from it; the lowest rooms of the repository."""
