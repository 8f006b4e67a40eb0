#!/bin/bash
# Starts a broker of the cluster. It reads passwords from files, so that docker's view of its environment does not show them.
set -euo pipefail
word=$(cat /run/secrets/broker-password)
plain="org.apache.kafka.common.security.plain.PlainLoginModule required username=\"broker\" password=\"$word\" user_broker=\"$word\";"
export KAFKA_SSL_KEYSTORE_PASSWORD=$word KAFKA_SSL_TRUSTSTORE_PASSWORD=$word
export KAFKA_LISTENER_NAME_INSIDE_PLAIN_SASL_JAAS_CONFIG=$plain KAFKA_LISTENER_NAME_CONTROLLER_PLAIN_SASL_JAAS_CONFIG=$plain
export KAFKA_LISTENER_NAME_CLIENT_SCRAM__SHA__512_SASL_JAAS_CONFIG='org.apache.kafka.common.security.scram.ScramLoginModule required;'
exec /etc/kafka/docker/run
