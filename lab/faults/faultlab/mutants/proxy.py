"""Faults put back into haproxy's configuration."""

from ..mutant import Edit, Mutant

EDGE = "hello_api/edge.py"
SERVER = r"^    server gunicorn (.*)$"
ADDRESS = r"^    server gunicorn 127\.0\.0\.1:"

MUTANTS = [
    Mutant(
        12,
        "the front end binds port 80",
        "fault 12",
        (Edit(EDGE, r"bind \{s\.edge_host\}:\{s\.edge_port\}$", "bind {s.edge_host}:80"),),
        alert="TargetScrapeFailing",
    ),
    Mutant(
        26,
        "an error file at the Docker image's path",
        "fault 26",
        (Edit(EDGE, r"^    mode http$", "    mode http\n    errorfile 503 /usr/local/etc/haproxy/errors/503.http"),),
        alert="TargetScrapeFailing",
    ),
    Mutant(
        27,
        "the server is a name again",
        "fault 27",
        (Edit(EDGE, ADDRESS, "    server gunicorn cll-dsb-auth:"),),
        alert="TargetScrapeFailing",
    ),
    Mutant(
        28,
        "the server is the Pod's own eth0",
        "fault 28",
        (Edit(EDGE, ADDRESS, "    server gunicorn 172.17.0.2:"),),
        alert="HaproxyNoServer",
    ),
    Mutant(
        29,
        "the server is a name that resolves today",
        "fault 29",
        (Edit(EDGE, ADDRESS, "    server gunicorn localhost:"),),
        silent="it serves until the name means something else",
    ),
    Mutant(
        30,
        "maxconn 8192 in global",
        "fault 30",
        (Edit(EDGE, r"^    maxconn \{s\.edge_maxconn\}$", "    maxconn 8192"),),
        alert="TargetScrapeFailing",
    ),
    Mutant(
        31,
        "a stray maxconn in the back end",
        "fault 31",
        (Edit(EDGE, r"^backend app$", "backend app\n    maxconn 8192"),),
        silent="haproxy ignores the line and serves; found before anything runs",
    ),
    Mutant(
        32,
        "`path_beg -i /` instead of default_backend",
        "fault 32",
        (Edit(EDGE, r"    default_backend app$", "    use_backend app if {{ path_beg -i / }}"),),
        silent="only `OPTIONS *` fails, which next to nobody sends",
    ),
    Mutant(
        33,
        "`verify none` on the server",
        "fault 33",
        (Edit(EDGE, r"(?<=\{_server\(s\)\})$", " verify none"),),
        silent="haproxy ignores it and serves",
    ),
    Mutant(
        34,
        "the HTTP check becomes a TCP check",
        "fault 34",
        (Edit(EDGE, r"^    option httpchk\n", ""), Edit(EDGE, r"^    http-check .*\n", "")),
        silent="the workers' own heartbeat ends a wedge before an alert's five minutes",
    ),
    Mutant(
        36,
        "timeouts of 150 s",
        "fault 36",
        (Edit(EDGE, r"timeout server .*$", "timeout server 150s"), Edit(EDGE, r"timeout client .*$", "timeout client 150s")),
        silent="requests take as long as before; only who waits for them waits longer",
    ),
    Mutant(
        37, "bodies are not buffered", "fault 37", (Edit(EDGE, r"^    option http-buffer-request\n", ""),), alert="GunicornThreadsSaturated"
    ),
    Mutant(
        38,
        "no maxconn on the server",
        "fault 38",
        (Edit(EDGE, r" maxconn \{s\.capacity\}", ""),),
        silent="HaproxyQueueing is what goes silent: the queue is in the kernel",
    ),
    Mutant(
        39, "`option httpclose`", "fault 39", (Edit(EDGE, r"^    http-reuse safe$", "    option httpclose"),), silent="it serves, slower"
    ),
    Mutant(
        40,
        "no retries",
        "fault 40",
        (Edit(EDGE, r"^    retries \d+$", "    retries 0"), Edit(EDGE, r"^    retry-on .*\n", "")),
        alert="HaproxyErrorBudgetSlowBurn",
    ),
    Mutant(
        43,
        "the client's own X-Forwarded-For is kept",
        "fault 43",
        (
            Edit(EDGE, r"^    http-request del-header X-Forwarded-For\n", ""),
            Edit(EDGE, r"^    http-request set-header X-Forwarded-For .*$", "    option forwardfor"),
        ),
        silent="no series knows an address",
    ),
    Mutant(
        44,
        "haproxy's text log",
        "fault 44",
        (Edit(EDGE, r"^    log-format .*$", "    option httplog"), Edit(EDGE, r"^    error-log-format .*\n", "")),
        silent="no series knows the form of a line",
    ),
    Mutant(
        45,
        "no exporter in haproxy",
        "fault 45",
        (Edit(EDGE, r"^    http-request use-service prometheus-exporter .*\n", ""),),
        alert="TargetScrapeFailing",
    ),
]
