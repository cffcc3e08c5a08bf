"""The whole product on one laptop: its own PostgreSQL and Valkey, one parent process, a fictional population.

Others may call ``embedded.start_postgres`` and ``embedded.start_valkey`` (the tests do). Everything here that runs
before Django (supervisor, servers) imports no Django. Installed only when ``DEMO`` is set.
"""
