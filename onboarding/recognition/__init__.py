"""What a file is and what its columns hold, by content as well as by name: proposes a mapping, never applies it."""
