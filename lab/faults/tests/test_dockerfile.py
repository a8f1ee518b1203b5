import pytest

from faultlab.dockerfile import Dockerfile, names_a_version

TEXT = """\
# syntax=docker/dockerfile:1
ARG BASE=python:3.13.9-slim
FROM ${BASE} AS build
RUN apt-get update \\
    && apt-get install gcc
FROM build AS test
FROM $BASE
COPY --from=build /venv /venv
USER 10001:10001
ENTRYPOINT ["/venv/bin/gunicorn"]
"""
FILE = Dockerfile("Dockerfile", TEXT)


def test_arguments_of_continued_lines_are_joined():
    assert FILE.of("RUN") == ["apt-get update      && apt-get install gcc"]


def test_bases_are_resolved_and_stages_are_no_bases():
    assert FILE.bases() == ["python:3.13.9-slim", "python:3.13.9-slim"]


def test_final_stage_holds_nothing_of_the_others():
    assert [name for name, _ in FILE.final_stage()] == ["FROM", "COPY", "USER", "ENTRYPOINT"]


def test_entrypoint():
    assert FILE.entrypoints() == ['["/venv/bin/gunicorn"]']


@pytest.mark.parametrize(
    ("image", "versioned"),
    [
        ("alpine", False),
        ("alpine:latest", False),
        ("docker.io/library/haproxy:3.2-alpine", True),
        ("gcr.io/distroless/python3-debian13:nonroot", True),
        ("gcr.io/distroless/python3:nonroot", False),
        ("registry:5000/haproxy", False),
    ],
)
def test_versioned_images(image, versioned):
    assert names_a_version(image) is versioned
