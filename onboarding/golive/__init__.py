"""Going live: the check-list of a Comune, the rehearsal on a copy, the day, the start, and the way back.

A check is a question with a reason and a link to where it is cured; others add theirs with `checks.register_check`.
What was decided (day, waivers, moves) is kept in the Comune itself, with the name of who decided it.
"""
