"""Words every room speaks, without Django: money, fiscal codes, school years, periods, ISEE, the clock, errors.

Others may import every module of this room. The kernel imports nothing of ours, reads no database and no
setting; only :mod:`sportello.kernel.clock` reads the time.
"""
