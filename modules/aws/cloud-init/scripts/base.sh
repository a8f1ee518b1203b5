# What every node's script starts with. No `set -x`, ever: secrets pass through here.

log() { printf '%s %s\n' "$(date -u +%FT%TZ)" "$*" >&2; }

fail() {
  log "FAILED: $*"
  exit 1
}

# until_true SECONDS WHAT COMMAND…: repeats COMMAND each second until it succeeds.
until_true() {
  local seconds=$1 what=$2 deadline=$((SECONDS + $1))
  shift 2
  until "$@"; do
    ((SECONDS < deadline)) || fail "$what: not within $seconds s"
    sleep 1
  done
}

# write_file MODE OWNER PATH: stdin into PATH in one step, so that a reader never sees half of it.
write_file() {
  local mode=$1 owner=$2 path=$3 partial
  partial=$(mktemp "$path.XXXXXX")
  cat >"$partial"
  chown "$owner" "$partial"
  chmod "$mode" "$partial"
  mv -f "$partial" "$path"
}

system_user() { id -u "$1" >/dev/null 2>&1 || useradd --system --no-create-home --shell /sbin/nologin "$1"; }

# start_service NAME: now and at every boot. It may not be ordered after cimiento-node, which waits for it to run: both would
# wait for ever.
start_service() {
  systemctl daemon-reload
  systemctl enable --now --no-block "$1.service"
}

# fetch URL ALGORITHM CHECKSUM PATH: a download whose checksum is pinned; nothing unverified reaches PATH.
fetch() {
  local url=$1 algorithm=$2 checksum=$3 path=$4 partial
  verified "$algorithm" "$checksum" "$path" && return 0
  partial=$(mktemp)
  curl --fail --silent --show-error --location --retry 5 --retry-all-errors --connect-timeout 10 --output "$partial" "$url"
  if ! verified "$algorithm" "$checksum" "$partial"; then
    rm -f "$partial"
    fail "$url is not the file that was pinned (its $algorithm differs)"
  fi
  chmod 0644 "$partial"
  mv -f "$partial" "$path"
}

verified() { [[ -f $3 ]] && printf '%s  %s\n' "$2" "$3" | "$1sum" --check --status; }
