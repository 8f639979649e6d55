"""What a session makes of a visitor: how it begins and ends, what it allows, and what it adds to everybody's pages."""
