"""Floor 0: dates, money, ratios, kinds of answer, refusals. Imports nothing of ours and nothing of the web."""
