"""How a person stands with the taxes of her Comune (IMU, TARI): a verdict and its reason, never her tax life.

A room calls `door`. The back office of the taxes is reached by a file, a view of its database, or its web service; the
mapping of each is data. What a verdict means for a fee or an enrolment is decided in `means`, by the edition.
"""
