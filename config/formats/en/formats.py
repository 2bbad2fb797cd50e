"""English: Nov 27, 2026, as in our own sentences; Django would write Nov. 27, 2026, and 11/12/2026 means two days."""

DATE_FORMAT = "M j, Y"
SHORT_DATE_FORMAT = "M j, Y"
