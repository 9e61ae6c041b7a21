"""Command line: reads the clock, asks the floors below, prints in words or as JSON. Refuses to conclude anything itself."""
