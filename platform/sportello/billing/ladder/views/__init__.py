"""The office's pages of arrears."""
