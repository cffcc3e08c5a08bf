"""The faces of the desk."""
