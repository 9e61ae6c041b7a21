"""Official text from a printed page: lines rejoined, texts separated, clauses and sentences found, matched with our digests."""
