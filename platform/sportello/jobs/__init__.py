"""Long work with a progress bar: one Job row, one Celery task, resumed when its worker died.

A room registers a runner for its kind in `AppConfig.ready` (`jobs.registry.register`) and starts work
with `jobs.starting.start_job`. A runner is idempotent: it may be started again after a crash.
"""
