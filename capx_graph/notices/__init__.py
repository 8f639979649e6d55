"""What members are told by mail, and the question of each year; anybody above may import it."""
