# `lab balancer`: load balancers that stand in for a cloud's, one a Service, each with an address of its own. They end with the lab.

balancer() { # NAMESPACE/SERVICE [--port PORT] [--lag SECONDS] [--idle SECONDS] [--timeout SECONDS]
  local name=balancer-${1//\//.} addresses=$STATE/balancers ip
  if [[ ${1:-} != */* ]]; then python3 -B "$HERE/balancer/balancer.py" "$@"; return; fi # its own words for --help and for nothing
  mkdir -p "$addresses"
  if ! alive "$name.pid"; then
    [ -e "$addresses/$name" ] || echo "$LAB_NET.0.$((101 + $(find "$addresses" -type f | wc -l)))" >"$addresses/$name"
    ip=$(<"$addresses/$name")
    enter lab ip addr replace "$ip/24" dev lab0
    daemon "$name" lab python3 -B "$HERE/balancer/balancer.py" "$@" --listen "$ip:80" --server "$LAB_IP:6443" --pki "$PKI"
    wait_for 20 "balancer of $1 ($LOGS/$name.log)" balancer_listens "$name" "$ip"
    [ "$(kubectl get service -n "${1%/*}" "${1#*/}" -o jsonpath='{.spec.type}')" != LoadBalancer ] ||
      kubectl patch service -n "${1%/*}" "${1#*/}" --subresource=status --type=merge \
        -p "{\"status\": {\"loadBalancer\": {\"ingress\": [{\"ip\": \"$ip\"}]}}}" >/dev/null
  fi
  echo "http://$(<"$addresses/$name")"
}

balancer_listens() { # NAME IP
  alive "$1.pid" || { cat "$LOGS/$1.log" >&2; exit 2; }
  curl -s -o /dev/null "http://$2"
}
