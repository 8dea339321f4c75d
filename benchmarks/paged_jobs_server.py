"""A static list of vendor-like jobs over HTTP, each page rendered when asked; prints its port, serves until killed.

Usage: paged_jobs_server.py NUMBER_OF_JOBS
"""

import json
import socketserver
import sys
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit


def job(number: int) -> dict[str, object]:
    job_id = f"{number:012d}"
    return {
        "jobId": job_id,
        "name": f"daily-sales-{number}",
        "type": "DATAFLOW",
        "status": "RUNNABLE",
        "lastExecutionStatus": "COMPLETED",
        "createdDate": "2025-03-20T08:54:03+09:00",
        "updatedDate": "2025-03-20T14:01:23+09:00",
        "lastExecutionDate": "2025-03-20T14:00:09+09:00",
        "resourceId": job_id,
        "disabled": False,
    }


class PagedJobs(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    jobs: tuple[dict[str, object], ...] = ()

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        page, limit = int(query["page"][0]), int(query["limit"][0])
        items = self.jobs[page * limit : (page + 1) * limit]
        body = json.dumps({"list": items, "count": len(self.jobs), "page": page, "limit": limit}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Keep quiet."""


def main() -> None:
    PagedJobs.jobs = tuple(job(number) for number in range(int(sys.argv[1])))
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), PagedJobs) as server:
        server.daemon_threads = True
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
