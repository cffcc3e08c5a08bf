"""The steps of an application: what each asks, how it checks it, how it tells it back in the summary."""
