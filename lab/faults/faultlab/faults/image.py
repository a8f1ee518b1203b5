"""The Dockerfile: what goes into the image, and what should not."""

from __future__ import annotations

import io
import re
import tarfile

from ..dockerfile import Dockerfile, names_a_version
from ..images import BuildFailed, build
from ..original import APP, CONFIG, DOCKERFILE, ENTRYPOINT, original
from ..paths import SERVICE, programs
from ..registry import Fault
from ..repaired import dockerignore, lock, repaired, repaired_dockerfiles
from ..sandbox import Pod

GIVEN = Dockerfile("Dockerfile", DOCKERFILE)
BUILD_ONLY = ("build-base", "build-essential", "gcc", "python3-dev", "libffi-dev", "openssl-dev", "libssl-dev")


def without_base() -> str:
    """The original's Dockerfile on an empty base: only what it adds, nothing that it runs."""
    kept = [line for line in DOCKERFILE.splitlines() if line.split()[0] not in ("RUN", "FROM")]
    return "\n".join(["FROM scratch", *kept]) + "\n"


class FloatingBase(Fault):
    number = 1
    title = "`FROM alpine`: no tag, no digest"
    where = "Dockerfile:1"
    stage = "build"
    symptom = "The image changes without a commit; since Alpine 3.19 the build stops at pip (fault 3)"
    fix = "Bases that name a version; Renovate adds the digest and moves it by a commit"

    def original(self) -> str:
        (base,) = GIVEN.bases()
        assert ":" not in base
        return f"`FROM {base}`"

    def repaired(self) -> str:
        bases = [base for file in repaired_dockerfiles() for base in file.bases() if base != "scratch"]
        assert bases and all(names_a_version(base) for base in bases), bases
        return f"`{'`, `'.join(sorted(set(bases)))}`"


class WrongProxy(Fault):
    number = 2
    title = "nginx is installed, haproxy never"
    where = "Dockerfile:3"
    stage = "build"
    symptom = "`haproxy: not found`, masked by `&`: exit 0"
    fix = "haproxy is an image of its own; its configuration is checked in the build (`haproxy -c`)"

    def original(self) -> str:
        installed = " ".join(GIVEN.of("RUN"))
        assert "nginx" in installed and "haproxy" not in installed
        # gunicorn is there, haproxy is not: /usr/sbin is off the PATH
        path = programs("original").replace(":/usr/sbin", "").replace(":/sbin", "")
        with Pod() as pod:
            code, _ = original(pod, entrypoint=ENTRYPOINT, path=path, ready=False).wait()
        with Pod() as pod:
            container = original(pod, path=path, ready=False)
            foreground, _ = container.wait()
            line = container.log_line(": haproxy: not found")
        assert (code, foreground) == (0, 127)
        return f"as given, with `&`: exit {self.figure('exit', code)}, not a word; without it: exit {foreground}, `{line}`"

    def repaired(self) -> str:
        with Pod() as pod:
            line = repaired(pod).programs()[1]
        checked = [file.name for file in repaired_dockerfiles() if re.search(r"haproxy\b.*\s-c\b", file.text)]
        return f"PID 1 is `{line}`" + (f"; {', '.join(checked)} runs `haproxy -c`" if checked else "")


class SystemPython(Fault):
    number = 3
    title = "`pip3 install` into the distribution's Python"
    where = "Dockerfile:7"
    stage = "build"
    symptom = "`externally-managed-environment` (PEP 668: Alpine >= 3.19, Debian >= 12): the build stops"
    fix = "A directory of their own, copied into an image that has no pip"

    def original(self) -> str:
        with Pod() as pod:
            command = ("/usr/bin/python3", "-m", "pip", "install", "--no-cache-dir", "flask")
            container = original(pod, command=command, ready=False)
            code, _ = container.wait()
            line = container.log_line("externally-managed-environment")
        assert code == 1
        return f"exit {self.figure('exit', code)}: `{line}`"

    def repaired(self) -> str:
        installs = [run for file in repaired_dockerfiles() for run in file.of("RUN") if re.search(r"\bpip\b|\buv\b", run)]
        assert installs and all(re.search(r"venv|--target", run) for run in installs), installs
        return f"`{re.sub(' +', ' ', installs[0])}`"


class NothingPinned(Fault):
    number = 4
    title = "Packages without versions, requirements without hashes"
    where = "Dockerfile:2-7"
    stage = "build"
    symptom = "Two builds, two programs: gunicorn 20.1 answers 502 where 26.2 answers 500 (fault 36)"
    fix = "Lock file with hashes, `pip install --require-hashes`"

    def original(self) -> str:
        installed = [word for run in GIVEN.of("RUN") if "apk add" in run for word in run.split()[2:]]
        pinned = [word for word in installed if "=" in word]
        assert not pinned
        return f"{self.figure('packages', len(installed))} packages, {self.figure('pinned', len(pinned))} with a version"

    def repaired(self) -> str:
        requirements, hashes = lock()
        assert requirements and hashes >= requirements
        return f"{self.figure('packages', requirements)} packages, all `==`, {self.figure('hashes', hashes)} hashes; the lab installed them by `--require-hashes`"


class CompilerInProduction(Fault):
    number = 5
    title = "Compiler and headers stay in the image"
    where = "Dockerfile:2"
    stage = "build"
    symptom = "Hundreds of MB, and tools for whoever gets in"
    fix = "Multi-stage build: the final stage copies the packages"

    def original(self) -> str:
        found = [name for name in BUILD_ONLY if name in " ".join(a for _, a in GIVEN.final_stage()).split()]
        assert found
        return f"in the only stage: {', '.join(found)}"

    def repaired(self) -> str:
        for file in repaired_dockerfiles():
            words = " ".join(argument for _, argument in file.final_stage()).split()
            assert not set(BUILD_ONLY) & set(words), file.name
        return f"none of {', '.join(BUILD_ONLY)} in the final stage of {', '.join(f.name for f in repaired_dockerfiles())}"


class StaleLayers(Fault):
    number = 6
    title = "`apk add` in layers of its own, without `--no-cache`"
    where = "Dockerfile:2-3"
    stage = "build"
    symptom = "The package index stays in the image and ages there"
    fix = "No package index in the final stage"

    def original(self) -> str:
        layers = [run for run in GIVEN.of("RUN") if "apk add" in run]
        assert not any("--no-cache" in run for run in layers)
        return f"{self.figure('layers', len(layers))} layers with apk, 0 with --no-cache"

    def repaired(self) -> str:
        left = []
        for file in repaired_dockerfiles():
            for name, argument in file.final_stage():
                if name == "RUN" and re.search(r"apt-get install|apk add", argument):
                    left.append((file.name, argument))
        assert all("--no-cache" in run or "/var/lib/apt/lists" in run for _, run in left), left
        return f"{len(left)} package installations in final stages, none leaves an index"


class AddUnpacks(Fault):
    number = 7
    title = "ADD where COPY is meant"
    where = "Dockerfile:6, 8-10"
    stage = "build"
    symptom = "An archive is unpacked in silence, a URL is fetched"
    fix = "COPY"

    def original(self) -> str:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            archive.addfile(tarfile.TarInfo("unpacked"))
        files = build("FROM scratch\nADD data.tar /opt/api/\n", {"data.tar": packed.getvalue()})
        assert "opt/api/unpacked" in files and "opt/api/data.tar" not in files, files
        return f"{self.figure('count', len(GIVEN.of('ADD')))} ADD; `ADD data.tar` leaves `{next(f for f in files if f.startswith('opt/api/'))}`"

    def repaired(self) -> str:
        counts = [(len(file.of("ADD")), len(file.of("COPY"))) for file in repaired_dockerfiles()]
        assert sum(add for add, _ in counts) == 0
        return f"0 ADD, {sum(copy for _, copy in counts)} COPY"


class FileOfAnotherName(Fault):
    number = 8
    title = "The Dockerfile adds `haproxy.conf`, the file is `haproxy.cfg`"
    where = "Dockerfile:10"
    stage = "build"
    symptom = "The build fails, or ships a stale file of that name"
    fix = "One name"

    def original(self) -> str:
        context = {"api/requirements.txt": "flask\n", "api/app.py": APP, "docker-entrypoint.sh": ENTRYPOINT, "haproxy.cfg": CONFIG}
        try:
            build(without_base(), context)
        except BuildFailed as failure:
            words = str(failure)
        else:
            raise AssertionError("it was built")
        assert "haproxy.conf" in words
        return f"`{re.sub(r'/tmp/[^/]+', '…', words)}`"

    def repaired(self) -> str:
        for file in repaired_dockerfiles():
            for argument in file.of("COPY"):
                words = [word for word in argument.split() if not word.startswith("--")]
                if "--from=" in argument:
                    continue
                for source in words[:-1]:
                    assert list(SERVICE.glob(source.rstrip("/"))) or (SERVICE / source).exists(), (file.name, source)
        return "every COPY source exists in the build context"


class EverythingIsAdded(Fault):
    number = 9
    title = "No .dockerignore, `ADD api/.`"
    where = "Dockerfile:8"
    stage = "build"
    symptom = ".git, secrets, tests, caches go into the image"
    fix = ".dockerignore that starts from nothing; COPY names what it wants"

    CANARIES = ("api/.env", "api/.git/config", "api/tests/test_app.py", "api/__pycache__/app.pyc")

    def original(self) -> str:
        context = dict.fromkeys(self.CANARIES, "canary")
        files = build("FROM scratch\nADD api/. /opt/api\n", context)
        inside = [name for name in self.CANARIES if name.replace("api/", "opt/api/", 1) in files]
        assert len(inside) == len(self.CANARIES), files
        return f"{self.figure('canaries', len(inside))} of {len(self.CANARIES)} canaries in the image, `opt/api/.env` among them"

    def repaired(self) -> str:
        names = (".env", ".git/config", "tests/test_app.py", "__pycache__/app.pyc", ".venv/bin/python", "secret.pem")
        context = dict.fromkeys(names, "canary")
        files = build("FROM scratch\nCOPY . /opt/api\n", context, dockerignore())
        inside = [name for name in names if f"opt/api/{name}" in files]
        assert not inside, f"{len(inside)} canaries in the image: {', '.join(inside)}"
        return f"`COPY .` with the project's .dockerignore: {self.figure('canaries', len(inside))} of {len(names)} canaries in the image"
