"""The office desk: law, entries, accounts, the log of views. What every other desk stands on, shown."""
