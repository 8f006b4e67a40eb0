#!/bin/bash
# Runs the words after it as a command of this image once a day, the first time an hour after the start. In bash, because a Node that only
# waits costs memory.
trap 'kill "$running"; exit 0' TERM INT
run() {
  "$@" &
  running=$!
  wait "$running"
}
run sleep 3600
while :; do
  run dateline "$@" || echo "dateline $* ended with $?; it runs again tomorrow" >&2
  run sleep 86400
done
