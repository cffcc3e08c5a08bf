"""The papers of money."""
