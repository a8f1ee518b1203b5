# shellcheck shell=bash
# Everything from registries, by name and version, into the cache: Kafka's jars packed as the tarball that nodes install, the
# client compiled, Secrets Manager's stand-in (moto) and the AWS CLI in a virtual environment.
CACHE=${CIMIENTO_CACHE:-/var/tmp/cimiento}/kafka-lab
export LAB_VENV=$CACHE/venv
ARTIFACTS=$CACHE/artifacts
MOTO=5.2.5 AWSCLI=1.46.3

prepare() {
  "$HERE/../packages" mkfs.xfs:xfsprogs ip:iproute2 losetup:util-linux mkfs.ext4:e2fsprogs openssl:openssl curl:curl javac:default-jdk-headless mvn:maven
  mkdir -p "$CACHE" "$ARTIFACTS"
  if [[ $(cat "$LAB_VENV/.pins" 2>/dev/null) != "$MOTO $AWSCLI" ]]; then
    say 'installing moto and the AWS CLI'
    python3 -m venv --clear "$LAB_VENV"
    "$LAB_VENV/bin/pip" install --quiet --disable-pip-version-check "moto[server]==$MOTO" "awscli==$AWSCLI"
    echo "$MOTO $AWSCLI" >"$LAB_VENV/.pins"
  fi
  local made_from
  made_from=$(sha256sum <(cat "$HERE/pom.xml" "$HERE/prepare.sh") | cut -d' ' -f1)
  if [[ $(cat "$CACHE/.made-from" 2>/dev/null) != "$made_from" ]]; then
    say 'fetching Kafka'
    rm -rf "$CACHE/kafka"
    mvn --quiet --batch-mode --file "$HERE/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
      -DincludeScope=runtime -DoutputDirectory="$CACHE/kafka/libs"
    pack
    echo "$made_from" >"$CACHE/.made-from"
  fi
  if [[ ! -f $CACHE/classes/Client.class || $HERE/Client.java -nt $CACHE/classes/Client.class ]]; then
    javac -d "$CACHE/classes" -cp "$CACHE/kafka/libs/*" "$HERE/Client.java"
  fi
}

# The jars in the layout of Apache's tarball, with the few of its programs that user data calls.
pack() {
  mv "$CACHE"/kafka/libs/jmx_prometheus_javaagent-*.jar "$ARTIFACTS/jmx_exporter.jar"
  mkdir -p "$CACHE/kafka/bin"
  program() {
    printf '#!/bin/bash\nexec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 %s -Dlog4j2.configurationFile=/opt/kafka/config/%s -cp "/opt/kafka/libs/*" %s "$@"\n' \
      "$3" "$4" "$2" >"$CACHE/kafka/bin/$1"
  }
  # shellcheck disable=SC2016 # for the program's shell
  program kafka-server-start.sh kafka.Kafka '${KAFKA_HEAP_OPTS-} ${KAFKA_OPTS-}' log4j2.xml
  program kafka-storage.sh kafka.tools.StorageTool -Xmx128m tools-log4j2.xml
  program kafka-acls.sh org.apache.kafka.tools.AclCommand -Xmx128m tools-log4j2.xml
  program kafka-metadata-quorum.sh org.apache.kafka.tools.MetadataQuorumCommand -Xmx128m tools-log4j2.xml
  chmod +x "$CACHE"/kafka/bin/*
  mkdir -p "$CACHE/kafka/config"
  log4j INFO >"$CACHE/kafka/config/log4j2.xml"
  log4j WARN >"$CACHE/kafka/config/tools-log4j2.xml"
  tar --create --gzip --file "$ARTIFACTS/kafka.tgz" --directory "$CACHE" kafka
  # node_exporter comes from no registry that is reached here: what stands in its place only shows that it was installed.
  mkdir -p "$CACHE/node_exporter-0"
  printf '#!/bin/sh\nexec sleep infinity\n' >"$CACHE/node_exporter-0/node_exporter"
  chmod +x "$CACHE/node_exporter-0/node_exporter"
  tar --create --gzip --file "$ARTIFACTS/node_exporter.tar.gz" --directory "$CACHE" node_exporter-0
}

log4j() {
  cat <<XML
<Configuration status="WARN">
  <Appenders><Console name="out" target="SYSTEM_ERR"><PatternLayout pattern="%d{ISO8601} %p %m (%c{1})%n"/></Console></Appenders>
  <Loggers><Root level="$1"><AppenderRef ref="out"/></Root></Loggers>
</Configuration>
XML
}
