# A service node: the operating system and its metrics. What runs on it is for its owners to install.

main() {
  install_node_exporter
}
