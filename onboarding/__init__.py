"""Bringing a Comune in: its assessment, the board of all of them, the load of a legacy roster with a dry run."""
