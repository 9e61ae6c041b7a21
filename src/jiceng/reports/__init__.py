"""Returns, trends and briefings: tables of answers by place and date, submitted, locked, corrected; it concludes nothing itself."""
