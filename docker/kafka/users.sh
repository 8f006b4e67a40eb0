#!/bin/bash
# Gives each app its password; `prepare` grants its rights. Running it again changes nothing.
set -euo pipefail
for app in editor-api projector audit; do
  /opt/dateline/admin.sh configs --alter --entity-type users --entity-name "$app" \
    --add-config "SCRAM-SHA-512=[password=$(cat "/run/secrets/$app-password")]"
done
