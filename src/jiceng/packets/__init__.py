"""Exchange that comes back: collection rounds (templates out, returned files in); it refuses to land a row that was not checked."""
