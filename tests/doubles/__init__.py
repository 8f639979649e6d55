"""What stands in for something dear or far away: services with fixed answers, wikis and endpoints of other people."""
