"""The rules of a line, one module for each theme. Each reads some texts of the line, fills its record, notes defects."""
