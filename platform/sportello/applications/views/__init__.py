"""What a parent sees of her applications."""
