"""The tables behind the service. Times are epoch seconds; ids of jobs begin with that of the provider's examples."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    job_id INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace TEXT NOT NULL,
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    start_params TEXT NOT NULL,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    started_at REAL,
    stopped_at REAL,
    UNIQUE (workspace, name)
);
CREATE TABLE IF NOT EXISTS instances (
    instance_id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL,
    job_name TEXT NOT NULL,
    workspace TEXT NOT NULL,
    definition TEXT NOT NULL,
    job_params TEXT NOT NULL,
    instance_type INTEGER NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    is_forced INTEGER NOT NULL DEFAULT 0,
    is_ignored INTEGER NOT NULL DEFAULT 0,
    plan_time REAL NOT NULL,
    submitted_at REAL NOT NULL,
    visible_at REAL NOT NULL,
    started_at REAL,
    ended_at REAL,
    stop_requested_at REAL,
    error_message TEXT,
    queue_seconds REAL NOT NULL,
    run_seconds REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS instances_of_job ON instances (job_id, instance_id);
CREATE INDEX IF NOT EXISTS instances_by_plan ON instances (workspace, plan_time, instance_id);
CREATE TABLE IF NOT EXISTS node_records (
    instance_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    node_name TEXT NOT NULL,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    started_at REAL,
    ended_at REAL,
    retry_times INTEGER NOT NULL DEFAULT 0,
    input_row_count INTEGER NOT NULL DEFAULT 0,
    rows_per_second REAL,
    log_path TEXT,
    PRIMARY KEY (instance_id, node_name)
);
INSERT INTO sqlite_sequence (name, seq) SELECT 'jobs', 608626
    WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'jobs');
"""
