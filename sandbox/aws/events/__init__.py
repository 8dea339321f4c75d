"""What starts state machines and functions by itself: schedules, and rules on changes of status."""
