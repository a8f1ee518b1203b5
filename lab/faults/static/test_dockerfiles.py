"""What can be judged by reading the service's Dockerfiles and its .dockerignore."""

import os
import re
from pathlib import Path

import pytest

from faultlab.dockerfile import Dockerfile, names_a_version
from faultlab.repaired import BUILD_ONLY, COMPONENTS, dockerfile_of, lock

SERVICE = Path(os.environ.get("FAULTS_SERVICE", Path(__file__).parents[3] / "apps" / "hello-api"))
both = pytest.mark.parametrize("component", COMPONENTS)


def file_of(component: str) -> Dockerfile:
    return dockerfile_of(component)


@both
def test_base_is_pinned(component):
    bases = [base for base in file_of(component).bases() if base != "scratch"]
    assert bases
    assert [base for base in bases if not names_a_version(base)] == []


@both
def test_copy_not_add(component):
    assert file_of(component).of("ADD") == []


@both
def test_user_is_numeric_and_not_root(component):
    users = [argument for name, argument in file_of(component).final_stage() if name == "USER"]
    assert users
    assert re.match(r"[1-9]\d*(:\d+)?$", users[-1])


@both
def test_entrypoint_names_a_program(component):
    entrypoints = file_of(component).entrypoints()
    assert len(entrypoints) == 1
    assert entrypoints[0].startswith("[")
    assert ".sh" not in entrypoints[0] and '"sh"' not in entrypoints[0]


@both
def test_no_build_tools_in_the_final_stage(component):
    words = " ".join(argument for _, argument in file_of(component).final_stage()).split()
    assert set(BUILD_ONLY) & set(words) == set()


@both
def test_no_package_index_in_the_final_stage(component):
    runs = [argument for name, argument in file_of(component).final_stage() if name == "RUN"]
    left = [
        run for run in runs if re.search(r"apt-get install|apk add", run) and "--no-cache" not in run and "/var/lib/apt/lists" not in run
    ]
    assert left == []


@both
def test_copied_files_exist(component):
    for argument in file_of(component).of("COPY"):
        if "--from=" in argument:
            continue
        *sources, _ = [word for word in argument.split() if not word.startswith("--")]
        assert [source for source in sources if not list(SERVICE.glob(source.rstrip("/")))] == []


def test_haproxy_is_stopped_by_sigusr1():
    assert [argument for name, argument in dockerfile_of("haproxy").final_stage() if name == "STOPSIGNAL"] == ["SIGUSR1"]


def test_python_does_not_buffer():
    assert re.search(r"PYTHONUNBUFFERED=\"?1", dockerfile_of("app").text)


def test_packages_go_into_a_directory_of_their_own():
    installs = [run for run in dockerfile_of("app").of("RUN") if "pip" in run]
    assert installs
    assert [run for run in installs if not re.search(r"--target|venv", run)] == []


def test_packages_are_installed_by_hash():
    requirements, hashes = lock()
    assert requirements and hashes >= requirements
    assert "--require-hashes" in dockerfile_of("app").text
