"""pagoPA is told of our positions, and asked what was paid of them, where it is not our station that answers.

Whoever has a station of its own tells ACA too, which answers when the station is down (D2, P24).
"""
