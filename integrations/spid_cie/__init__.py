"""Who is at the door: digital identities verified by SPID and CIE, or by the demo's simulator.

`door.begin` sends the browser to the identity provider and `door.complete` reads its answer, once, for the browser and
the Comune that asked. What a verified person may do is decided in `accounts`.
"""
