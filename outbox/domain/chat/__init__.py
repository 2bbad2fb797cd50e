"""What chat services take and answer: one formatter and one reader for each, all of one signature."""
