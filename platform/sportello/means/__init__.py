"""ISEE attestations: facts with validity and provenance. Which one counts on a day is decided here."""
