"""The demonstration: invented people of 甘孜州 with ten years of history. Refuses real persons and homes that are not its own."""
