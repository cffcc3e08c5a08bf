"""One small site in three ways: one schema without tenants, stock django-tenants, our tenants."""
