#!/bin/sh
# Makes the master key and the passwords of deploy/compose.yaml, once: what is there stays as it is.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
cd secrets

# A value that could not be made is none, and a file has its name only when it is whole. An empty one is made anew.
make() {
  [ -s "$1" ] && return
  [ -n "$2" ] || { echo "$1 could not be made; is openssl installed?" >&2; exit 1; }
  printf '%s' "$2" >"$1.part"
  mv "$1.part" "$1"
}

make master-key "$(openssl rand -base64 32)"
# Hexadecimal: no sign of it means anything in an address.
make postgres-password "$(openssl rand -hex 24)"
make redis-password "$(openssl rand -hex 24)"
make database-url "postgres://qaqpa:$(cat postgres-password)@postgres:5432/qaqpa?sslmode=disable"
make redis-url "redis://:$(cat redis-password)@redis:6379/0"

# The gateway runs as user 1000 and Redis as 999; PostgreSQL reads its password before it gives up being root.
if [ "$(id -u)" = 0 ]; then
  chown 1000 master-key database-url redis-url
  chown 999 redis-password
else
  echo 'Run as root, or let the users of the containers read the files: chown 1000 master-key database-url redis-url; chown 999 redis-password' >&2
fi
