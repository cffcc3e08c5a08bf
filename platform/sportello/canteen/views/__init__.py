"""The faces of the canteen: school, office, family."""
