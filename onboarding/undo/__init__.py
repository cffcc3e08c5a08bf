"""Undoing a committed load: what stands in the way, and the way back."""
