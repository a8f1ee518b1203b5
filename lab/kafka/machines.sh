# shellcheck shell=bash
# Three machines in three network namespaces on one bridge. A machine's address and data volume outlive it; its root disk
# doesn't. Everything made here is removed by lab_down, whatever happens.
BRIDGE=cimiento-kf0 SUBNET=10.231.77
ENDPOINT=http://$SUBNET.1:5566
declare -A PROCESS DEVICE VOLUME PRODUCERS

host() { printf 'kafka-%s.lab.internal' "$1"; }

lab_up() {
  WORK=$(mktemp -d /var/tmp/cimiento/kafka-lab/run.XXXXXX)
  trap lab_down EXIT
  trap 'exit 130' INT TERM
  remove_network
  ip link add "$BRIDGE" type bridge
  ip address add "$SUBNET.1/24" dev "$BRIDGE"
  ip link set "$BRIDGE" up
  for id in 1 2 3; do
    ip netns add "cimiento-kafka-$id"
    ip link add "cimiento-kf$id" type veth peer name eth0 netns "cimiento-kafka-$id"
    ip link set "cimiento-kf$id" master "$BRIDGE" up
    ip -n "cimiento-kafka-$id" address add "$SUBNET.1$id/24" dev eth0
    ip -n "cimiento-kafka-$id" link set eth0 up
    ip -n "cimiento-kafka-$id" link set lo up
    printf '%s.1%s %s\n' "$SUBNET" "$id" "$(host "$id")" >>"$WORK/hosts"
  done
  "$LAB_VENV/bin/moto_server" --host "$SUBNET.1" --port 5566 >"$WORK/moto.log" 2>&1 &
  MOTO_PROCESS=$!
  until curl --silent --output /dev/null "$ENDPOINT"; do sleep 0.2; done
  CLUSTER_SECRET=$(new_secret lab/kafka/cluster)
  CLIENT_SECRET=$(new_secret lab/kafka/client)
}

# Also what a run that was killed has left.
remove_network() {
  local id
  for id in 1 2 3; do
    ip link delete "cimiento-kf$id" 2>/dev/null || true
    ip netns delete "cimiento-kafka-$id" 2>/dev/null || true
  done
  ip link delete "$BRIDGE" 2>/dev/null || true
}

lab_down() {
  local status=$? id
  trap - EXIT
  for id in "${!PROCESS[@]}"; do kill_machine "$id"; done
  for id in ${PRODUCER:-} "${PRODUCERS[@]}"; do kill "$id" 2>/dev/null || true; done
  [[ -z ${MOTO_PROCESS:-} ]] || kill "$MOTO_PROCESS" 2>/dev/null || true
  for id in 1 2 3; do
    [[ -z ${DEVICE[$id]:-} ]] || losetup --detach "${DEVICE[$id]}" || true
  done
  remove_network
  if ((status != 0)) || [[ -n ${KEEP_LOGS:-} ]]; then
    mkdir -p "$CACHE/logs"
    for id in 1 2 3; do cp -r "$WORK/$id/root/var/log" "$CACHE/logs/$id" 2>/dev/null || true; done
    cp "$WORK"/*.log "$CACHE/logs/" 2>/dev/null || true
    say "logs: $CACHE/logs"
  fi
  rm -rf "${WORK:?}"
  exit "$status"
}

cloud() {
  AWS_ENDPOINT_URL=$ENDPOINT AWS_ACCESS_KEY_ID=lab AWS_SECRET_ACCESS_KEY=lab AWS_DEFAULT_REGION=us-east-2 \
    "$LAB_VENV/bin/aws" --output text "$@"
}

# As Terraform leaves it: a container without a value.
new_secret() { cloud secretsmanager create-secret --name "$1" --query ARN; }

# new_volume ID: a blank disk, another one than before.
new_volume() {
  local id=$1
  VOLUME[$id]=vol-$(openssl rand -hex 8)0
  truncate --size 1G "$WORK/${VOLUME[$id]}"
  DEVICE[$id]=$(losetup --find --show "$WORK/${VOLUME[$id]}")
}

lose_volume() {
  losetup --detach "${DEVICE[$1]}"
  rm "$WORK/${VOLUME[$1]}"
  unset "DEVICE[$1]"
}

# new_machine ID: an instance that never ran, with the user data that the platform renders.
new_machine() {
  local id=$1 folder=$WORK/$1
  rm -rf "$folder"
  mkdir -p "$folder/root/etc"
  cp -r "$HERE/image/." "$folder/root/"
  { printf '127.0.0.1 localhost\n'; cat "$WORK/hosts"; } >"$folder/root/etc/hosts"
  (cd "$PROJECT" && node -r ./bin/register.js lab/kafka/render.ts "$id" "${VOLUME[$id]}" "$CLUSTER_SECRET" "$CLIENT_SECRET" "$ARTIFACTS") \
    >"$folder/root/user-data"
}

boot_machine() {
  local id=$1
  ip netns exec "cimiento-kafka-$id" unshare --mount --pid --fork --kill-child --propagation private \
    "$HERE/boot" "$WORK/$id" "${DEVICE[$id]}" "${VOLUME[$id]}" "$ENDPOINT" >>"$WORK/machine-$id.log" 2>&1 &
  PROCESS[$id]=$!
}

# kill_machine ID: the power cord. Every process of the machine gets SIGKILL, nothing is flushed or handed over.
kill_machine() {
  kill -KILL "${PROCESS[$1]}" 2>/dev/null || true
  wait "${PROCESS[$1]}" 2>/dev/null || true
  unset "PROCESS[$1]"
  # The namespaces end with their last process, and the volume is free then.
  until ! grep -qs " $WORK/$1/" /proc/[0-9]*/mountinfo; do sleep 0.1; done
}

# inside ID COMMAND…: a command on the machine.
inside() {
  local id=$1 process
  process=$(pgrep --parent "${PROCESS[$1]}" | head -n 1)
  shift
  nsenter --target "$process" --mount --pid --net \
    chroot "$WORK/$id/merged" env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin "$@"
}

# java_of ID: the broker's process, as seen from outside.
java_of() { ip netns pids "cimiento-kafka-$1" | xargs -I{} sh -c 'grep -lqs "kafka.Kafka" /proc/{}/cmdline && echo {}' | head -n 1; }

ready() { grep -qs 'Kafka runs' "$WORK/$1/root/var/log/cimiento-node.service.log"; }

await_ready() {
  local id deadline=$((SECONDS + 300))
  for id in "$@"; do
    until ready "$id"; do
      ((SECONDS < deadline)) || { say "machine $id isn't ready:"; tail -n 20 "$WORK/$id"/root/var/log/*.log >&2; exit 1; }
      sleep 0.5
    done
  done
}

# metric ID NAME: the sum of a metric's series, empty if there is none.
metric() { scrape "$1" | awk -v name="$2" '$1 == name || index($1, name "{") == 1 { sum += $NF; found = 1 } END { if (found) print sum }'; }
scrape() { inside "$1" curl --silent --max-time 30 http://localhost:9404/metrics; }
