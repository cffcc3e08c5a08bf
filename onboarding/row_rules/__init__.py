"""The rules of a roster row, one module for each theme. Each reads some cells, fills the record, notes defects."""
