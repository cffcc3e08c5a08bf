"""The office's pages of notices in bulk."""
