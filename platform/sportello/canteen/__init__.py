"""The canteen: who ate on which day, with which menu, and what the month costs.

No decision of this room reads a balance: a child in class always eats.
"""
