"""Tables of scheduled work."""

from jobs.models.run import JobRun, JobShard, JobState

__all__ = ["JobRun", "JobShard", "JobState"]
