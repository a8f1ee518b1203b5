# shellcheck shell=bash
# Sourced: a virtual environment of the locked requirements in $VENV, made once a lock, so that a clone that has another one does
# not take it away from those who are at work in it.
lock=${LOCK:-requirements.lock}
VENV=${HELLO_VENV:-/var/tmp/cimiento/hello-api-${lock%.lock}-$(sha256sum "$lock" | cut -c1-12)}
mkdir -p "${VENV%/*}"
(
  flock 9
  cmp -s "$lock" "$VENV/.lock" || {
    rm -rf "$VENV" &&
      python3 -m venv "$VENV" &&
      "$VENV/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$lock" &&
      cp "$lock" "$VENV/.lock"
  }
) 9>"$VENV.making" || { echo "no virtual environment of $lock in $VENV" >&2; return 2; }
export VENV
