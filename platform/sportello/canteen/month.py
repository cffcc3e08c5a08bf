"""The month of the canteen is the month of the house."""

from sportello.kernel.month import NAMES, InvalidMonth, Month

__all__ = ["NAMES", "InvalidMonth", "Month"]
