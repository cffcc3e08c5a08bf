"""The faces of schools."""
