# node_exporter: the machine's own metrics, for alerts on disk, memory and CPU.

install_node_exporter() {
  system_user node_exporter
  fetch "$NODE_EXPORTER_URL" sha256 "$NODE_EXPORTER_SHA256" /opt/node_exporter.tar.gz
  tar --extract --gzip --file /opt/node_exporter.tar.gz --strip-components 1 --directory /usr/local/bin --no-same-owner \
    --wildcards '*/node_exporter'
  write_file 0644 root /etc/systemd/system/node_exporter.service <<UNIT
[Unit]
Description=Prometheus node_exporter
After=network-online.target

[Service]
User=node_exporter
ExecStart=/usr/local/bin/node_exporter --web.listen-address=:$NODE_EXPORTER_PORT
Restart=always

[Install]
WantedBy=multi-user.target
UNIT
  start_service node_exporter
}
