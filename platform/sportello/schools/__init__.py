"""Institutes, school buildings (plessi) and sections, with their MIM codes; and whose classes a school role sees."""
