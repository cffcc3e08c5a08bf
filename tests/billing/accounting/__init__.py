"""Chapters, collections and the treasury."""
