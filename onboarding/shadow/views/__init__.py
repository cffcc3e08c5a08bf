"""The faces of the shadow month: the office's, and the central team's, which sees figures and no family."""
