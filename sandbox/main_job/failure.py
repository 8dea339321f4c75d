"""The way in which everything in the main job fails."""


class MainJobFailed(Exception):
    """The main job did not end as it should. The text says why."""
