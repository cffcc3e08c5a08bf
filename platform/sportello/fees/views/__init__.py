"""The pages of the examples of a fee table."""
