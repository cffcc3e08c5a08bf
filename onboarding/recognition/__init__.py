"""What a file is and what its columns hold, found out from the file itself; the answer is a mapping with its reasons.

Others call `proposing.propose`; what it may know of the world is `facts.Facts`. Pure and deterministic: the same file
and the same facts give the same mapping. Content and names of the columns are both weighed; where a name lies, the
content wins. Reasons and questions never repeat personal data.
"""
