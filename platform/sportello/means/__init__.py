"""What a family has: ISEE attestations and the standing with the local taxes, as facts with validity and provenance.

What they mean for a fee or an enrolment is for the edition to say; `rules` reads its policy.
"""
