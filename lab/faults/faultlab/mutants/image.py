"""Faults put back into the Dockerfiles and what they copy."""

from ..mutant import Edit, Impossible, Mutant

APP, PROXY = "Dockerfile", "Dockerfile.haproxy"
DOCKERFILES = "static static/test_dockerfiles.py::"

MUTANTS: list[Mutant | Impossible] = [
    Mutant(1, "a base without a tag", DOCKERFILES + "test_base_is_pinned", (Edit(PROXY, r"^ARG BASE=.*$", "ARG BASE=alpine"),)),
    Mutant(
        2,
        "the image runs nginx, haproxy is not in it",
        "fault 2",
        (Edit(PROXY, r"^ENTRYPOINT .*$", 'ENTRYPOINT ["nginx", "-g", "daemon off;"]'),),
        alert="TargetScrapeFailing",
    ),
    Mutant(
        3,
        "pip installs into the distribution's Python",
        DOCKERFILES + "test_packages_go_into_a_directory_of_their_own",
        (Edit(APP, r" --target /packages", ""),),
    ),
    Mutant(
        4,
        "a lock file without hashes",
        DOCKERFILES + "test_packages_are_installed_by_hash",
        (Edit("requirements.lock", r" \\\n +--hash=\S+", ""),),
    ),
    Mutant(
        5,
        "a compiler in the final stage",
        DOCKERFILES + "test_no_build_tools_in_the_final_stage",
        (Edit(APP, r"^USER ", "RUN apt-get update && apt-get install -y gcc python3-dev && rm -rf /var/lib/apt/lists/*\nUSER "),),
    ),
    Mutant(
        6,
        "a package index stays in the image",
        DOCKERFILES + "test_no_package_index_in_the_final_stage",
        (Edit(PROXY, r"^USER ", "RUN apk add curl\nUSER "),),
    ),
    Mutant(7, "ADD instead of COPY", DOCKERFILES + "test_copy_not_add", (Edit(PROXY, r"^COPY .*haproxy\.cfg ", "ADD haproxy.cfg "),)),
    Mutant(
        8, "COPY of a file of another name", DOCKERFILES + "test_copied_files_exist", (Edit(PROXY, r" haproxy\.cfg ", " haproxy.conf "),)
    ),
    Mutant(9, "no .dockerignore", "fault 9", (Edit(".dockerignore", None, ""),), silent="it runs as any other; found before anything does"),
    Mutant(
        10,
        "a script as entry point",
        DOCKERFILES + "test_entrypoint_names_a_program",
        (Edit(APP, r"^ENTRYPOINT .*$", 'ENTRYPOINT ["/bin/docker-entrypoint.sh"]'),),
    ),
    Mutant(11, "no USER", DOCKERFILES + "test_user_is_numeric_and_not_root", (Edit(APP, r"^USER .*\n", ""),)),
    Mutant(
        15,
        "a shell as PID 1",
        DOCKERFILES + "test_entrypoint_names_a_program",
        (Edit(APP, r"^ENTRYPOINT .*$", "ENTRYPOINT python3 -m gunicorn -c gunicorn.conf.py"),),
    ),
    Mutant(16, "no PYTHONUNBUFFERED", DOCKERFILES + "test_python_does_not_buffer", (Edit(APP, r"PYTHONUNBUFFERED=1 ", ""),)),
    Impossible(17, "There is no script: no image has a shell command to mistype; faults 10 and 15 keep it so"),
    Impossible(
        18, "There is no script: nothing goes on after an error, the program's exit code is the container's; faults 10 and 15 keep it so"
    ),
    Mutant(23, "haproxy goes into the background (-D)", "fault 23", (Edit(PROXY, r'"-db"', '"-D"'),), alert="TargetScrapeFailing"),
    Mutant(
        24,
        "an exit code of 0 whatever happens",
        DOCKERFILES + "test_entrypoint_names_a_program",
        (Edit(PROXY, r"^ENTRYPOINT .*$", 'ENTRYPOINT ["sh", "-c", "haproxy -db -f /usr/local/etc/haproxy/haproxy.cfg; exit 0"]'),),
    ),
    Mutant(
        25,
        "a shell that waits, and forwards no signal",
        DOCKERFILES + "test_entrypoint_names_a_program",
        (Edit(PROXY, r"^ENTRYPOINT .*$", 'ENTRYPOINT ["sh", "-c", "haproxy -db -f /usr/local/etc/haproxy/haproxy.cfg"]'),),
    ),
    Mutant(
        41,
        "no STOPSIGNAL: haproxy gets SIGTERM",
        "fault 41",
        (Edit(PROXY, r"^STOPSIGNAL .*\n", ""),),
        silent="a request or two a stop, too few for an error budget",
    ),
    Mutant(
        49,
        "a configuration that warns, and no check of it in the build",
        "fault 49",
        (Edit(PROXY, r"^RUN \[.haproxy., .-c.*\n", ""), Edit("hello_api/edge.py", r"^backend app$", "backend app\n    maxconn 8192")),
        silent="haproxy warns and serves; found before anything runs",
    ),
]
