"""The shared code base of all Comuni: one folder ("room") per domain; see docs/house.md."""
