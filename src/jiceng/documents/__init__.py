"""Word, Excel and PDF out: forms, returns, briefings; it refuses to decide what stands in them."""
