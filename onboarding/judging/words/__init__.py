"""From the text of one cell to a value: pure, cached by text, one module for each kind of value."""
