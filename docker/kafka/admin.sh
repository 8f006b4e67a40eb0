#!/bin/bash
# One of Kafka's own tools as the cluster's administrator, in a broker's container:
# docker compose exec kafka /opt/dateline/admin.sh topics --describe
set -euo pipefail
word=$(cat /run/secrets/broker-password)
conf=$(mktemp)
trap 'rm -f "$conf"' EXIT
cat >"$conf" <<CONF
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="broker" password="$word";
ssl.truststore.type=PEM
ssl.truststore.location=/run/secrets/ca.pem
CONF
tool=$1
shift
KAFKA_HEAP_OPTS="-Xmx256m -XX:TieredStopAtLevel=1" "/opt/kafka/bin/kafka-$tool.sh" --bootstrap-server kafka:9094,kafka-2:9094,kafka-3:9094 --command-config "$conf" "$@"
