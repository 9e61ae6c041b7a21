"""The pay desk: sheets of a month, what stands behind each cell, differences, checks, payslips."""
