"""Lambda: functions in processes of their own under the real runtime client, behind the Invoke API."""
