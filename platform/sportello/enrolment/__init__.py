"""Places and subscriptions: a child uses a service from a day. Accepting an application happens here."""
