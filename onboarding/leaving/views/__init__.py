"""The faces of leaving: the Comune's office, and the central team."""
