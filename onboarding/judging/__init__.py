"""What each physical line is worth: its verdict, all its defects, the repaired record. Pure; a line in is a verdict out."""
