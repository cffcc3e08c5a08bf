"""What the tests forbid beyond their own assertions."""
