"""A fictional population: families invented from a seed, written as the export of an old canteen back office.

The same seed and place give the same bytes. No real person: names are drawn at random, fiscal codes are computed,
telephone numbers begin with digits that nobody is given, mail goes to example.org.
"""
