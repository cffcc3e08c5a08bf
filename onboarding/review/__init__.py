"""The review desk: what a person decides about a row, applied by the same rules that judged it, and remembered."""
