"""How pages are drawn: form renderer, widgets, template tags, list pages. No domain."""
