"""The faces of a crossing: the host that is left, and the host that is reached."""
