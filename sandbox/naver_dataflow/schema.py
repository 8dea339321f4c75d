"""The tables behind the service."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    type TEXT NOT NULL,
    draft_status TEXT NOT NULL,
    nodes TEXT NOT NULL,
    run_condition TEXT NOT NULL,
    max_concurrent_runs INTEGER,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS executions (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    execution_id TEXT NOT NULL UNIQUE,
    job_id TEXT NOT NULL,
    job_name TEXT NOT NULL,
    definition TEXT NOT NULL,
    condition TEXT NOT NULL,
    parameters TEXT NOT NULL,
    type TEXT NOT NULL,
    trigger_id TEXT,
    status TEXT NOT NULL,
    created_at REAL NOT NULL,
    running_at REAL,
    ended_at REAL,
    visible_at REAL NOT NULL,
    cancel_requested_at REAL,
    console_log_path TEXT,
    queue_seconds REAL NOT NULL,
    run_seconds REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS executions_of_job ON executions (job_id, position);
CREATE INDEX IF NOT EXISTS open_executions ON executions (job_id) WHERE status IN ('READY', 'RUNNING');
"""
