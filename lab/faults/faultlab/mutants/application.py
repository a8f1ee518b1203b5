"""Faults put back into gunicorn's configuration and the application."""

from ..mutant import Edit, Mutant

CONF = "gunicorn.conf.py"

MUTANTS = [
    Mutant(
        19,
        "gunicorn as a daemon, the application cannot be imported",
        "fault 19",
        (Edit(CONF, r"^wsgi_app =", "daemon = True\nwsgi_app ="),),
        alert="HaproxyNoServer",
    ),
    Mutant(
        20,
        "gunicorn as a daemon: nobody sees its end",
        "fault 20",
        (Edit(CONF, r"^wsgi_app =", "daemon = True\nwsgi_app ="),),
        alert="HaproxyNoServer",
    ),
    Mutant(
        21,
        "exceptions are logged nowhere",
        "fault 21",
        (Edit("hello_api/observe.py", r"^    got_request_exception\.connect.*\n", ""),),
        silent="an exception that is logged nowhere is counted nowhere: FlaskExceptions goes silent with it",
    ),
    Mutant(
        22,
        "readiness is true as soon as haproxy listens",
        "fault 22",
        (Edit("hello_api/edge.py", r"^frontend edge$", "frontend edge\n    http-request return status 200 if {{ path /readyz }}"),),
        silent="the first requests of a new pod fail, too few for an error budget",
    ),
    Mutant(
        35,
        "five sync workers",
        "fault 35",
        (
            Edit(CONF, r"^worker_class = .*$", 'worker_class = "sync"'),
            Edit(CONF, r"^workers = .*$", "workers = 5"),
            Edit(CONF, r"^threads = .*$", "threads = 1"),
        ),
        silent="it serves, ten times slower: requests wait where the application does not measure",
    ),
    Mutant(
        42,
        "the heartbeat file in /tmp",
        "fault 42",
        (Edit(CONF, r"^worker_tmp_dir = .*$", 'worker_tmp_dir = "/tmp"'),),
        silent="until a disk is slow; then GunicornWorkerTimeouts",
    ),
    Mutant(
        47,
        "five workers, whatever is set",
        "fault 47",
        (Edit(CONF, r"^workers = .*$", "workers = 5"),),
        silent="it serves, with more memory than it needs",
    ),
    Mutant(
        50,
        "settings are read from nowhere",
        "fault 50",
        (Edit("hello_api/settings.py", r"^        if text is not None:$", "        if False:"),),
        silent="it serves, with other settings",
    ),
]
