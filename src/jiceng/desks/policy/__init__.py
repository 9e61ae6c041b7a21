"""The policy desk: drafts, simulations, kept runs, contradictions."""
