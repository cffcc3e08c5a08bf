"""The rules of a line, one module for each theme. Each reads some texts, fills the record, notes defects."""
