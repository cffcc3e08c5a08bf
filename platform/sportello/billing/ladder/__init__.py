"""The ladder of arrears: reminder, offer of a plan, question to the social services, list for the injunction.

The Comune sets the steps (:mod:`setting`), looks at who would move and why others do not (:mod:`running`), and lets
them move. Exempt families, open plans and pauses stop it by themselves; nobody reaches the list without a recorded
word of the social services. No service reads any of it: what is owed takes nothing from a child.
"""
