# A certificate authority of the cluster's own: its key lives in the cluster's secret, each node issues itself a certificate
# from it and renews it at any boot in its last third. Nothing leaves the nodes but the authority's certificate.

# Days. A leaf that nobody rebooted in time is renewed by hand (docs/data.md); an alert says when.
readonly AUTHORITY_DAYS=3650 LEAF_DAYS=730 RENEW_BEFORE_DAYS=240

# new_authority COMMON_NAME: JSON {authorityKey, authorityCertificate}, PEM.
new_authority() {
  local folder
  folder=$(mktemp -d)
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$folder/key" 2>/dev/null
  openssl req -x509 -new -key "$folder/key" -sha256 -days "$AUTHORITY_DAYS" -subj "/CN=$1" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign -out "$folder/certificate"
  jq --null-input --compact-output --rawfile key "$folder/key" --rawfile certificate "$folder/certificate" \
    '{authorityKey: $key, authorityCertificate: $certificate}'
  rm -rf "$folder"
}

# issue_certificate FOLDER OWNER COMMON_NAME HOST SERVICE <JSON: FOLDER/authority.pem, and FOLDER/node.pem with key and
# certificate. SERVICE is restarted for a new one if it runs already.
issue_certificate() {
  local folder=$1 owner=$2 name=$3 host=$4 service=$5 work
  work=$(mktemp -d)
  tee >(field authorityKey >"$work/authority.key") | field authorityCertificate >"$work/authority.pem"
  until_true 5 'authority key' test -s "$work/authority.key"
  install -d -m 0750 -o root -g "$owner" "$folder"
  if ! openssl x509 -in "$folder/node.pem" -noout -checkend $((RENEW_BEFORE_DAYS * 86400)) >/dev/null 2>&1 ||
    ! openssl verify -CAfile "$work/authority.pem" "$folder/node.pem" >/dev/null 2>&1; then
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/node.key" 2>/dev/null
    printf 'subjectAltName=DNS:%s,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\nkeyUsage=digitalSignature\n' \
      "$host" >"$work/extensions"
    openssl req -new -key "$work/node.key" -subj "/CN=$name" |
      openssl x509 -req -CA "$work/authority.pem" -CAkey "$work/authority.key" -set_serial "0x$(openssl rand -hex 16)" \
        -days "$LEAF_DAYS" -sha256 -extfile "$work/extensions" -out "$work/node.crt" 2>/dev/null
    cat "$work/node.key" "$work/node.crt" | write_file 0440 "root:$owner" "$folder/node.pem"
    log "issued a certificate for $host"
    systemctl try-restart --no-block "$service.service"
  fi
  write_file 0444 root "$folder/authority.pem" <"$work/authority.pem"
  rm -rf "$work"
}
