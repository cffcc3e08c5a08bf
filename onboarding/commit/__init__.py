"""From staged rows to the tables of the rooms: set-based statements, one module per theme, one transaction in all."""
