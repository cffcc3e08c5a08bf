"""Files of every form, whole and broken."""
