"""WHO the Comuni are: Municipality and Domain, their branding, their schemas.

The only room that imports django_tenants. Others ask `tenants.current` in which Comune they run.
"""
