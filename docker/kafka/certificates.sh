#!/bin/bash
# Run once, in Kafka's own image: an authority that signs a certificate for each broker, and is then forgotten.
# usage: certificates.sh <broker>...   in /secrets, where each folder is a volume
set -euo pipefail
cd /secrets
[ ! -e kafka/ca.pem ] || exit 0
work=$(mktemp -d)
ca() { keytool -J-XX:TieredStopAtLevel=1 "$@" -keystore "$work/ca.p12" -storepass:file kafka/broker-password; }
ca -genkeypair -alias ca -keyalg EC -groupname secp256r1 -dname CN=dateline -validity 3650 -ext bc:c
ca -exportcert -alias ca -rfc >"$work/ca.pem"
for broker in "$@"; do
  store() { keytool -J-XX:TieredStopAtLevel=1 "$@" -keystore "kafka/$broker.p12" -storepass:file kafka/broker-password; }
  rm -f "kafka/$broker.p12"
  store -genkeypair -alias broker -keyalg EC -groupname secp256r1 -dname "CN=$broker" -validity 3650
  store -certreq -alias broker | ca -gencert -alias ca -validity 3650 -ext "san=dns:$broker" -rfc >"$work/$broker.pem"
  store -importcert -noprompt -alias ca -file "$work/ca.pem"
  store -importcert -noprompt -alias broker -file "$work/$broker.pem"
  chmod 444 "kafka/$broker.p12"
done
for app in prepare editor-api projector audit kafka; do
  install -m 444 "$work/ca.pem" "$app/kafka-ca.pem"
done
install -m 444 "$work/ca.pem" kafka/ca.pem
