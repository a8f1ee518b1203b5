# One member of the replica set. Run at every boot; changes nothing that is already right.

readonly MONGODB_CONFIG=/etc/mongodb MONGODB_DATA=/var/lib/mongo

new_mongodb_cluster() {
  jq --compact-output --arg keyfile "$(openssl rand -base64 756)" --arg admin "$(new_password)" --arg monitor "$(new_password)" \
    '. + {keyfile: $keyfile, adminPassword: $admin, monitorPassword: $monitor}' <<<"$(new_authority "$CLUSTER")"
}

new_mongodb_client() {
  jq --null-input --compact-output --arg password "$(new_password)" --arg hosts "$HOSTS" --arg set "$REPLICA_SET" \
    --arg authority "$(field authorityCertificate <<<"$CLUSTER_SECRET")" \
    '{username: "app", password: $password, authSource: "admin", database: "app", hosts: $hosts, replicaSet: $set, tls: "true",
      authorityCertificate: $authority}'
}

# Packages signed by MongoDB; the signing key is taken only with the fingerprint that was pinned.
install_mongodb() {
  local key
  command -v jq openssl tar gpg >/dev/null || dnf install --assumeyes --quiet --allowerasing jq openssl tar gnupg2-full
  if ! rpm --query "mongodb-org-server-$MONGODB_VERSION" >/dev/null 2>&1; then
    key=$(mktemp)
    curl --fail --silent --show-error --location --retry 5 --output "$key" "$MONGODB_KEY_URL"
    [[ $(gpg --batch --with-colons --show-keys "$key" | awk -F: '$1 == "fpr" { print $10; exit }') == "$MONGODB_KEY_FINGERPRINT" ]] ||
      fail "$MONGODB_KEY_URL is not the key that was pinned"
    rpm --import "$key"
    rm -f "$key"
    write_file 0644 root /etc/yum.repos.d/mongodb.repo <<REPO
[mongodb]
name=MongoDB
baseurl=$MONGODB_REPOSITORY
enabled=1
gpgcheck=1
REPO
    dnf install --assumeyes --quiet "mongodb-org-server-$MONGODB_VERSION" mongodb-mongosh-shared-openssl3
  fi
}

configure_mongodb() {
  install -d -m 0750 -o root -g mongod "$MONGODB_CONFIG"
  field keyfile <<<"$CLUSTER_SECRET" | write_file 0400 mongod "$MONGODB_CONFIG/keyfile"
  issue_certificate "$MONGODB_CONFIG/tls" mongod mongodb-node "$HOST" mongod <<<"$CLUSTER_SECRET"
  chown mongod:mongod "$MONGODB_DATA"

  write_file 0644 root /etc/mongod.conf <<CONF
storage:
  dbPath: $MONGODB_DATA
systemLog:
  destination: file
  path: /var/log/mongodb/mongod.log
  logAppend: true
net:
  port: $MONGODB_PORT
  bindIp: localhost,$HOST
  tls:
    mode: requireTLS
    certificateKeyFile: $MONGODB_CONFIG/tls/node.pem
    CAFile: $MONGODB_CONFIG/tls/authority.pem
    # Clients sign in with SCRAM; members with the key file.
    allowConnectionsWithoutCertificates: true
security:
  authorization: enabled
  keyFile: $MONGODB_CONFIG/keyfile
replication:
  replSetName: $REPLICA_SET
CONF

  install -d /etc/systemd/system/mongod.service.d
  write_file 0644 root /etc/systemd/system/mongod.service.d/cimiento.conf <<UNIT
[Unit]
RequiresMountsFor=$MONGODB_DATA

[Service]
# Never on the root disk: an empty member would copy the whole data set into it.
ExecStartPre=/usr/bin/mountpoint -q $MONGODB_DATA
Restart=on-failure
RestartSec=5
UNIT
}

# mongo_shell INITIATE: the script below, by mongosh on this member. Passwords go by environment: arguments show in the process list.
mongo_shell() {
  ADMIN_PASSWORD=$(field adminPassword <<<"$CLUSTER_SECRET") MONITOR_PASSWORD=$(field monitorPassword <<<"$CLUSTER_SECRET") \
    APP_PASSWORD=$(field password <<<"$CLIENT_SECRET") HOSTS=$HOSTS REPLICA_SET=$REPLICA_SET INITIATE=$1 \
    mongosh --quiet --norc --tls --tlsCAFile "$MONGODB_CONFIG/tls/authority.pem" --host localhost --port "$MONGODB_PORT" \
    --file "$MONGODB_CONFIG/form.js" >&2
}

# The members know each other by name and the configuration lives in their data, so only the very first start forms
# anything: the first member initiates, whichever becomes primary makes the users (the localhost exception allows it while
# there are none). A member with an empty volume is told by the others and copies the data by itself.
write_form_script() {
  write_file 0644 root "$MONGODB_CONFIG/form.js" <<'JS'
const env = process.env;
const admin = db.getSiblingDB('admin');
const signIn = () => {
  try {
    return admin.auth('admin', env.ADMIN_PASSWORD).ok === 1;
  } catch {
    return false;
  }
};
const ensureUser = (user, pwd, roles) => admin.getUser(user) || admin.createUser({ user, pwd, roles });

if (!signIn()) {
  if (env.INITIATE === 'yes') {
    try {
      rs.initiate({ _id: env.REPLICA_SET, members: env.HOSTS.split(',').map((host, _id) => ({ _id, host })) });
    } catch (error) {
      if (error.codeName !== 'AlreadyInitialized') throw error;
    }
  }
  for (let i = 0; i < 30 && !db.hello().isWritablePrimary; i++) sleep(1000);
  if (!db.hello().isWritablePrimary) quit(3);
  admin.createUser({ user: 'admin', pwd: env.ADMIN_PASSWORD, roles: ['root'] });
  signIn();
}
if (!db.hello().isWritablePrimary) quit(3);
ensureUser('monitor', env.MONITOR_PASSWORD, ['clusterMonitor', { role: 'read', db: 'local' }]);
ensureUser('app', env.APP_PASSWORD, [{ role: 'readWrite', db: 'app' }]);
JS
}

# Status 0 once the replica set has its users; meanwhile this member does its part.
formed_mongodb() {
  is_formed "$CLUSTER_SECRET_ARN" && return 0
  mongo_shell "$([[ $NODE_ID == 1 ]] && printf yes || printf no)" || return 1
  mark_formed "$CLUSTER_SECRET_ARN"
}

install_mongodb_exporter() {
  system_user mongodb_exporter
  fetch "$MONGODB_EXPORTER_URL" sha256 "$MONGODB_EXPORTER_SHA256" /opt/mongodb_exporter.tar.gz
  tar --extract --gzip --file /opt/mongodb_exporter.tar.gz --strip-components 1 --directory /usr/local/bin --no-same-owner \
    --wildcards '*/mongodb_exporter'
  install -m 0444 "$MONGODB_CONFIG/tls/authority.pem" /etc/mongodb_exporter.pem
  printf 'MONGODB_URI=mongodb://monitor:%s@localhost:%s/admin?directConnection=true&tls=true&tlsCAFile=/etc/mongodb_exporter.pem\n' \
    "$(field monitorPassword <<<"$CLUSTER_SECRET")" "$MONGODB_PORT" | write_file 0400 root /etc/mongodb_exporter.env
  write_file 0644 root /etc/systemd/system/mongodb_exporter.service <<UNIT
[Unit]
Description=Prometheus mongodb_exporter
After=mongod.service

[Service]
User=mongodb_exporter
EnvironmentFile=/etc/mongodb_exporter.env
ExecStart=/usr/local/bin/mongodb_exporter --web.listen-address=:$MONGODB_EXPORTER_PORT --compatible-mode --collector.diagnosticdata --collector.replicasetstatus
Restart=always

[Install]
WantedBy=multi-user.target
UNIT
  start_service mongodb_exporter
}

main() {
  mount_data_volume "$VOLUME_ID" "$MONGODB_DATA"
  install_mongodb
  CLUSTER_SECRET=$(secret_or_first "$CLUSTER_SECRET_ARN" new_mongodb_cluster)
  CLIENT_SECRET=$(secret_or_first "$CLIENT_SECRET_ARN" new_mongodb_client)
  configure_mongodb
  write_form_script
  start_service mongod
  install_node_exporter
  install_mongodb_exporter
  until_true 1800 'replica set formed' formed_mongodb
  log 'MongoDB runs'
}
