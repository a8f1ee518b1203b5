# One KRaft node: broker, and controller too on the first three. Run at every boot; changes nothing that is already right.

readonly KAFKA_HOME=/opt/kafka KAFKA_CONFIG=/etc/kafka KAFKA_DATA=/var/lib/kafka

# What makes the cluster this cluster. The directory ids are those of the founding controllers' metadata logs.
new_kafka_cluster() {
  local directories
  directories=$(for _ in $CONTROLLERS; do kafka_uuid; done | jq --raw-input . | jq --slurp --compact-output .)
  jq --compact-output --arg cluster "$(kafka_uuid)" --argjson directories "$directories" --arg password "$(new_password)" \
    '. + {clusterId: $cluster, directoryIds: $directories, brokerPassword: $password}' <<<"$(new_authority "$CLUSTER")"
}

# Kafka's Uuid: 16 bytes, base64url without padding; one that begins with a dash would be read as an option.
kafka_uuid() {
  local uuid=-
  while [[ $uuid == -* ]]; do uuid=$(openssl rand -base64 16 | tr '+/' '-_' | tr -d '='); done
  printf '%s\n' "$uuid"
}

new_kafka_client() {
  jq --null-input --compact-output --arg password "$(new_password)" --arg bootstrap "$BOOTSTRAP_SERVERS" \
    --arg authority "$(field authorityCertificate <<<"$CLUSTER_SECRET")" \
    '{username: "app", password: $password, bootstrapServers: $bootstrap, securityProtocol: "SASL_SSL",
      saslMechanism: "SCRAM-SHA-512", authorityCertificate: $authority}'
}

install_kafka() {
  command -v java jq openssl tar >/dev/null || dnf install --assumeyes --quiet "$JAVA_PACKAGE" jq openssl tar
  system_user kafka
  if [[ $(cat "$KAFKA_HOME/.version" 2>/dev/null) != "$KAFKA_VERSION" ]]; then
    fetch "$KAFKA_URL" sha512 "$KAFKA_SHA512" /opt/kafka.tgz
    rm -rf "$KAFKA_HOME"
    mkdir -p "$KAFKA_HOME"
    tar --extract --gzip --file /opt/kafka.tgz --strip-components 1 --directory "$KAFKA_HOME" --no-same-owner
    printf '%s' "$KAFKA_VERSION" >"$KAFKA_HOME/.version"
  fi
  fetch "$JMX_EXPORTER_URL" sha512 "$JMX_EXPORTER_SHA512" /opt/jmx_exporter.jar
}

configure_kafka() {
  local broker_password jaas roles=broker
  broker_password=$(field brokerPassword <<<"$CLUSTER_SECRET")
  jaas="org.apache.kafka.common.security.scram.ScramLoginModule required username=\"broker\" password=\"$broker_password\";"
  is_controller && roles=broker,controller
  install -d -m 0750 -o root -g kafka "$KAFKA_CONFIG"
  issue_certificate "$KAFKA_CONFIG/tls" kafka kafka-node "$HOST" kafka <<<"$CLUSTER_SECRET"

  write_file 0640 root:kafka "$KAFKA_CONFIG/server.properties" <<PROPERTIES
node.id=$NODE_ID
process.roles=$roles
broker.rack=$ZONE
log.dirs=$KAFKA_DATA/data

# Durability: an acknowledged record is in two zones; no election ever prefers availability to data.
default.replication.factor=$REPLICATION_FACTOR
min.insync.replicas=$MIN_INSYNC_REPLICAS
unclean.leader.election.enable=$UNCLEAN_LEADER_ELECTION
offsets.topic.replication.factor=$REPLICATION_FACTOR
transaction.state.log.replication.factor=$REPLICATION_FACTOR
transaction.state.log.min.isr=$MIN_INSYNC_REPLICAS
share.coordinator.state.topic.replication.factor=$REPLICATION_FACTOR
share.coordinator.state.topic.min.isr=$MIN_INSYNC_REPLICAS
auto.create.topics.enable=false
num.partitions=3
num.recovery.threads.per.data.dir=2

# Clients and replication: TLS with SCRAM. Quorum: TLS with the nodes' own certificates.
listeners=CLIENT://:$CLIENT_PORT$(is_controller && printf ',CONTROLLER://%s:%s' "$HOST" "$CONTROLLER_PORT")
advertised.listeners=CLIENT://$HOST:$CLIENT_PORT
listener.security.protocol.map=CLIENT:SASL_SSL,CONTROLLER:SSL
inter.broker.listener.name=CLIENT
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=$CONTROLLER_SERVERS
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.client.scram-sha-512.sasl.jaas.config=$jaas
listener.name.controller.ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location=$KAFKA_CONFIG/tls/node.pem
ssl.truststore.type=PEM
ssl.truststore.location=$KAFKA_CONFIG/tls/authority.pem
ssl.enabled.protocols=TLSv1.3

authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:broker;User:CN=kafka-node
$KAFKA_EXTRA_PROPERTIES
PROPERTIES

  write_file 0640 root:kafka "$KAFKA_CONFIG/admin.properties" <<PROPERTIES
security.protocol=SASL_SSL
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=$jaas
ssl.truststore.type=PEM
ssl.truststore.location=$KAFKA_CONFIG/tls/authority.pem
PROPERTIES

  # What add-controller needs: who this controller is, and how to sign in.
  cat "$KAFKA_CONFIG/server.properties" "$KAFKA_CONFIG/admin.properties" | write_file 0640 root:kafka "$KAFKA_CONFIG/quorum.properties"

  printf '%s\n' "$JMX_EXPORTER_RULES" | write_file 0644 root "$KAFKA_CONFIG/jmx.yml"

  write_file 0644 root /etc/systemd/system/kafka.service <<UNIT
[Unit]
Description=Apache Kafka $KAFKA_VERSION, node $NODE_ID
After=network-online.target
RequiresMountsFor=$KAFKA_DATA

[Service]
User=kafka
Environment="KAFKA_HEAP_OPTS=-Xms$HEAP -Xmx$HEAP"
Environment="KAFKA_OPTS=-javaagent:/opt/jmx_exporter.jar=$JMX_EXPORTER_PORT:$KAFKA_CONFIG/jmx.yml"
Environment=LOG_DIR=/var/log/kafka
# Never on the root disk: a broker with an empty log directory would start to replicate everything into it.
ExecStartPre=/usr/bin/mountpoint -q $KAFKA_DATA
ExecStart=$KAFKA_HOME/bin/kafka-server-start.sh $KAFKA_CONFIG/server.properties
# A clean stop hands over leadership first; 143 is Java's status after SIGTERM.
TimeoutStopSec=180
SuccessExitStatus=143
Restart=on-failure
RestartSec=5
LimitNOFILE=100000

[Install]
WantedBy=multi-user.target
UNIT
  install -d -o kafka -g kafka /var/log/kafka
  install -d -o kafka -g kafka "$KAFKA_DATA/data"
}

is_controller() { [[ " $CONTROLLERS " == *" $NODE_ID@"* ]]; }

# Formats the log directory unless it was formatted before: a volume that returns keeps node and directory id.
format_kafka() {
  local founding=() client_password broker_password i=0 controller
  [[ -f $KAFKA_DATA/data/meta.properties ]] && return 0
  client_password=$(field password <<<"$CLIENT_SECRET")
  broker_password=$(field brokerPassword <<<"$CLUSTER_SECRET")
  if is_controller && ! is_formed "$CLUSTER_SECRET_ARN"; then
    local list=''
    for controller in $CONTROLLERS; do
      list+="${list:+,}$controller:$(jq --raw-output ".directoryIds[$i]" <<<"$CLUSTER_SECRET")"
      i=$((i + 1))
    done
    founding=(--initial-controllers "$list"
      --add-scram "SCRAM-SHA-512=[name=broker,password=$broker_password]"
      --add-scram "SCRAM-SHA-512=[name=app,password=$client_password]")
    log 'founding the cluster'
  else
    founding=(--no-initial-controllers)
    log 'joining the cluster with an empty volume'
  fi
  runuser -u kafka -- "$KAFKA_HOME/bin/kafka-storage.sh" format --config "$KAFKA_CONFIG/server.properties" \
    --cluster-id "$(field clusterId <<<"$CLUSTER_SECRET")" "${founding[@]}" >&2
}

# 3 is RUNNING: caught up with the metadata log and unfenced by the controller.
kafka_runs() { curl --fail --silent --max-time 20 "http://localhost:$JMX_EXPORTER_PORT/metrics" | grep -q '^kafka_server_kafkaserver_brokerstate 3'; }

# A controller that lost its metadata log has come back with another directory id, as somebody new: it can't vote twice in
# one term, which is what makes losing a disk safe. Its vote has to be moved from the lost directory to the new one. (From
# Kafka 4.2 on controller.quorum.auto.join.enable would do it.)
take_back_vote() {
  local quorum voters directory lost
  is_controller || return 0
  quorum=("$KAFKA_HOME/bin/kafka-metadata-quorum.sh" --bootstrap-server "$BOOTSTRAP_SERVERS" --command-config "$KAFKA_CONFIG/quorum.properties")
  directory=$(sed -n 's/^directory\.id=//p' "$KAFKA_DATA/data/meta.properties")
  voters=$("${quorum[@]}" describe --status | sed -n 's/^CurrentVoters: *//p')
  lost=$(jq --raw-output --argjson id "$NODE_ID" --arg directory "$directory" \
    '.[] | select(.id == $id and .directoryId != $directory) | .directoryId' <<<"$voters")
  if [[ -n $lost ]]; then
    log "the vote of directory $lost goes to $directory"
    "${quorum[@]}" remove-controller --controller-id "$NODE_ID" --controller-directory-id "$lost" >&2
  elif jq --exit-status --arg directory "$directory" 'any(.[]; .directoryId == $directory)' <<<"$voters" >/dev/null; then
    return 0
  fi
  "${quorum[@]}" add-controller >&2
}

# The application may write and read every topic, create topics and use every group, and nothing else. Adding twice is
# harmless.
authorize_client() {
  local acls=("$KAFKA_HOME/bin/kafka-acls.sh" --bootstrap-server "$HOST:$CLIENT_PORT"
    --command-config "$KAFKA_CONFIG/admin.properties" --add --allow-principal User:app)
  "${acls[@]}" --producer --topic '*' --transactional-id '*' >&2
  "${acls[@]}" --consumer --topic '*' --group '*' >&2
}

main() {
  mount_data_volume "$VOLUME_ID" "$KAFKA_DATA"
  install_kafka
  CLUSTER_SECRET=$(secret_or_first "$CLUSTER_SECRET_ARN" new_kafka_cluster)
  CLIENT_SECRET=$(secret_or_first "$CLIENT_SECRET_ARN" new_kafka_client)
  configure_kafka
  format_kafka
  start_service kafka
  install_node_exporter
  until_true 900 'Kafka running' kafka_runs
  take_back_vote
  is_formed "$CLUSTER_SECRET_ARN" || authorize_client
  mark_formed "$CLUSTER_SECRET_ARN"
  log 'Kafka runs'
}
