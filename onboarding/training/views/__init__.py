"""The faces of training: the staff's page, the passage into the twin, the central team's page."""
