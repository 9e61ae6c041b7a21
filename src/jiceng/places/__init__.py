"""The dated tree of divisions. Codes, names, look-up by name; refuses to guess between two places of one name."""
