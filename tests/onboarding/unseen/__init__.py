"""Exports of other shapes than the samples (Comuni, names, headings, separators, encodings, dirt) with their keys."""
