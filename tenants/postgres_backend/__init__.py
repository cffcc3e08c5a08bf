"""The database backend: django-tenants' own, with connections that forget their Comune."""

EXTENSIONS_SCHEMA = "extensions"
"""Where btree_gist and the like live: at the end of every search_path, never in the schema of a Comune."""
