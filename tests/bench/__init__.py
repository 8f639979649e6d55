"""``make bench``: what the service costs and how fast it answers, and tests of the bench itself."""
