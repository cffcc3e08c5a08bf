"""Going live: the check-list, the rehearsal on a copy, the start and the way back."""
