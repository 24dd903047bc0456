#!/bin/sh
# Installs the Debian packages named on the command line that are not there yet. Elsewhere, or without root, says what is missing.
set -eu
missing=
for package in "$@"; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "these Debian packages are needed, please install them:$missing" >&2
  exit 1
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
# Lists may be absent or old on a fresh machine; a mirror that is being updated deserves a second try.
apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 && exit 0
apt-get update -qq || apt-get update -qq
apt-get install -y -qq --no-install-recommends $missing >/dev/null
