"""Whether a child may apply, with every reason: pure rules on what is known of it, and the facts read for them."""
