"""The passage to the next school year: a rehearsal of 1 September and the work list the office draws from it.

A rehearsal reads every room and changes nothing but the list. A **work item** is one thing to do before the year
begins; what was ticked stays ticked as long as the next rehearsal finds the very same thing.
"""
