"""The faces of the board."""
