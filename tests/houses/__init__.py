"""What tests enter: services, repositories and wikis over small data, each made as cheaply as it can be."""
