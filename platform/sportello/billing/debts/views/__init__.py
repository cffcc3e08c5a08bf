"""The office and one notice."""
