# shellcheck shell=bash
# Sourced: a virtual environment of the locked requirements in $VENV, made once and again when the lock changes.
lock=${LOCK:-requirements.lock}
VENV=${HELLO_VENV:-/var/tmp/cimiento/hello-api-${lock%.lock}}
if ! cmp -s "$lock" "$VENV/.lock"; then
  rm -rf "$VENV"
  python3 -m venv "$VENV"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$lock"
  cp "$lock" "$VENV/.lock"
fi
export VENV
