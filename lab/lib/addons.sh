# What a cluster has beside itself, each by an option of `lab up`, each upstream's own manifest with the few changes that
# addons/NAME says: metrics-server, a policy engine, a StorageClass, and (in monitoring.sh) kube-state-metrics.

addon() { # NAME MODULE IMAGE: publishes the binary as IMAGE:its version, applies upstream's manifest
  local name=$1 version
  version=$(pinned "$name" "$2")
  binary_image "$3:$version" "$BIN/$name"
  mkdir -p "$STATE/$name"
  cp "$MANIFESTS/$name"/*.yaml "$STATE/$name"
  sed "s/VERSION/$version/; s/QUEUE/$POLICY_QUEUE/" "$HERE/addons/$name/kustomization.yaml" >"$STATE/$name/kustomization.yaml"
  kubectl apply --server-side -k "$STATE/$name" >/dev/null
}

# --- lab up --metrics ----------------------------------------------------------------------------------------------

metrics_up() {
  local t=$SECONDS
  addon metrics-server sigs.k8s.io/metrics-server registry.k8s.io/metrics-server/metrics-server
  # It is ready after two rounds of its own; until then the API server answers 503 for metrics.k8s.io.
  wait_for 180 "metrics.k8s.io" kubectl wait apiservice/v1beta1.metrics.k8s.io --for=condition=Available --timeout=1s
  wait_for 180 "metrics of the nodes" nodes_measured
  say "metrics up in $((SECONDS - t))s: kubectl top"
}

nodes_measured() { [ "$(kubectl get --raw /apis/metrics.k8s.io/v1beta1/nodes | grep -o '"usage"' | wc -l)" = "$LAB_NODES" ]; }

# --- lab up --storage ----------------------------------------------------------------------------------------------

storage_up() {
  local t=$SECONDS dir helper=docker.io/library/busybox:latest
  if ! has_image $helper; then # the pod that makes and removes the directories
    dir=$(mktemp -d "$STATE/image.XXXX")
    cp /bin/busybox "$dir"
    printf 'FROM scratch\nCOPY busybox /bin/\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\n' >"$dir/Dockerfile"
    image $helper "$dir"
    rm -r "$dir"
  fi
  addon local-path-provisioner github.com/rancher/local-path-provisioner docker.io/rancher/local-path-provisioner
  wait_for 180 "local-path-provisioner" kubectl rollout status -n local-path-storage deployment/local-path-provisioner --timeout=1s
  say "storage up in $((SECONDS - t))s: StorageClass local-path, the default"
}

# --- lab up --policies ---------------------------------------------------------------------------------------------
# sigs.k8s.io/kube-network-policies judges the first packet of each connection in user space (nfqueue). It would put it there by
# nftables' `queue`, which not every kernel has (CONFIG_NFT_QUEUE): iptables' NFQUEUE does the same at the same place, before SNAT.
# No --queue-bypass: when the engine is away, a new connection waits for it and is not let through.

POLICY_QUEUE=98

policies_up() {
  local t=$SECONDS i
  addon kube-network-policies sigs.k8s.io/kube-network-policies registry.k8s.io/networking/kube-network-policies
  wait_for 180 "policy engine" kubectl rollout status -n kube-system daemonset/kube-network-policies --timeout=1s
  for ((i = 1; i <= LAB_NODES; i++)); do
    wait_for 180 "policy engine on node$i" enter "node$i" grep -qE "^ *$POLICY_QUEUE " /proc/net/netfilter/nfnetlink_queue
    enter "node$i" iptables -w -t mangle -S LAB-POLICIES >/dev/null 2>&1 || enter "node$i" sh -ec "
      iptables -w -t mangle -N LAB-POLICIES
      iptables -w -t mangle -A LAB-POLICIES -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN
      iptables -w -t mangle -A LAB-POLICIES -m owner --uid-owner 0 -j RETURN # the node itself: the kubelet's probes
      iptables -w -t mangle -A LAB-POLICIES -j NFQUEUE --queue-num $POLICY_QUEUE
      iptables -w -t mangle -A POSTROUTING -s $POD_CIDR -j LAB-POLICIES
      iptables -w -t mangle -A POSTROUTING -d $POD_CIDR ! -s $POD_CIDR -j LAB-POLICIES"
  done
  say "policies up in $((SECONDS - t))s: NetworkPolicies are enforced"
}
