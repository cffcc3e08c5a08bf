"""The faces of credit: families and office."""
