"""Exports of other shapes than the samples: other Comuni, names, headings, separators, encodings, dirt; with their keys."""
