"""The container of apps/original, as given, in a sandbox.

As given it does not start at all (faults 2, 8, 26, 27) or ends after three seconds (23). To see what lies behind those,
the defaults here give it exactly this, and nothing else:
  1. haproxy is installed, and the configuration is called what the Dockerfile copies it to;
  2. the seven error pages exist at the path that haproxy.cfg names;
  3. the name cll-dsb-auth resolves, to 127.0.0.1;
  4. haproxy stays in the foreground: the last character of docker-entrypoint.sh, `&`, is dropped.
haproxy.cfg is used byte for byte.
"""

from __future__ import annotations

from .client import until_status
from .paths import LAB, ORIGINAL, programs
from .sandbox import Container, Pod

ENTRYPOINT = (ORIGINAL / "docker-entrypoint.sh").read_text()
FOREGROUND = ENTRYPOINT.rstrip().removesuffix("&").rstrip() + "\n"
CONFIG = (ORIGINAL / "haproxy.cfg").read_text()
DOCKERFILE = (ORIGINAL / "Dockerfile").read_text()
APP = (LAB / "app" / "app.py").read_text()
HOSTS = "127.0.0.1 localhost\n{address} cll-dsb-auth\n"


def original(
    pod: Pod,
    *,
    entrypoint: str | tuple[str, int] = FOREGROUND,
    config: str = CONFIG,
    error_pages: bool = True,
    address: str | None = "127.0.0.1",
    gunicorn: str = "original",
    path: str | None = None,
    env: dict[str, str] | None = None,
    nofile: tuple[int, int] | None = None,
    user: int | None = None,
    command: tuple[str, ...] = ("/bin/docker-entrypoint",),
    ready: bool = True,
) -> Container:
    """Starts it; with `ready`, returns when it answers. `address` None: the name is unknown."""
    text, mode = entrypoint if isinstance(entrypoint, tuple) else (entrypoint, 0o755)
    files: dict[str, bytes | str | tuple[bytes | str, int]] = {
        "/usr/bin/docker-entrypoint": (text, mode),
        "/etc/haproxy/haproxy.cfg": config,
        "/etc/hosts": HOSTS.format(address=address) if address else "127.0.0.1 localhost\n",
        "/etc/nsswitch.conf": "hosts: files\n",
        "/opt/api/app.py": APP,
    }
    if error_pages:
        for code in (400, 403, 408, 500, 502, 503, 504):
            page = f"HTTP/1.0 {code} error\r\nConnection: close\r\n\r\n{code}\n"
            files[f"/usr/local/etc/haproxy/errors/{code}.http"] = page
    container = pod.container(
        *command,
        files=files,
        env={"PATH": path or programs(gunicorn), **(env or {})},
        workdir="/opt/api",
        nofile=nofile,
        user=user,
        writable=("/tmp",) if user is not None else (),
    )
    if ready:
        until_status(pod)
    return container
