# shellcheck shell=sh
# Sourced by run, mutants and bench: installs what they need. Debian packages by apt; Python packages, pinned, into
# $FAULTS_CACHE (/var/cache/cimiento-faults). Leaves `here` and the working directory at lab/faults.
here=$(cd "$(dirname "$0")" && pwd)
: "${FAULTS_CACHE:=/var/cache/cimiento-faults}"
export FAULTS_CACHE

[ "$(id -u)" = 0 ] || { echo "lab/faults: needs root: it makes namespaces (try: sudo $0)" >&2; exit 2; }

# program:package, so that only what is missing is installed
missing=
for need in haproxy:haproxy wrk:wrk ip:iproute2 ss:iproute2 shellcheck:shellcheck buildah:buildah pgrep:procps; do
  command -v "${need%%:*}" >/dev/null || missing="$missing ${need#*:}"
done
for package in python3-venv python3-pip; do
  dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
if [ -n "$missing" ]; then
  echo "lab/faults: installing$missing" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >&2
fi

# A virtual environment a requirements file; made again when the file has changed.
venv() { # NAME REQUIREMENTS [pip options]
  name=$1 requirements=$2
  shift 2
  stamp=$FAULTS_CACHE/$name/.requirements
  cmp -s "$requirements" "$stamp" && return
  echo "lab/faults: Python packages for $name" >&2
  rm -rf "${FAULTS_CACHE:?}/$name"
  mkdir -p "$FAULTS_CACHE"
  /usr/bin/python3 -m venv "$FAULTS_CACHE/$name"
  "$FAULTS_CACHE/$name/bin/pip" install --quiet --disable-pip-version-check "$@" -r "$requirements" >&2
  cp "$requirements" "$stamp"
}
venv original "$here/requirements/original.txt"
venv original-2021 "$here/requirements/original-2021.txt"
# The service from its own lock file; the tests that the mutants need beside it.
venv service "$here/../../apps/hello-api/requirements.lock" --require-hashes
venv service-tests "$here/../../apps/hello-api/requirements-dev.lock" --require-hashes
cd "$here"
