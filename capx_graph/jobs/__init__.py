"""Jobs over the whole repository, as an operator or the clock asks for them; commands and the server import them."""
