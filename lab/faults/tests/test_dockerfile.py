from faultlab.dockerfile import Dockerfile

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
