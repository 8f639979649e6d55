"""Members: who they are, what they say of themselves, what they keep, and how they leave."""
