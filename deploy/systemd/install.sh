#!/bin/sh
# install.sh [--rollback]: installs what 'make publish' made on this host, or goes back to what was there before. May be run again at any time, also
# after it was interrupted, and while containers start: nothing is removed before its successor is in place.
#
#   PREFIX/lib/ipamsuite/versions/VERSION   the programs; current and previous are links to two of them
#   PREFIX/bin/ipamctl, ipam-web            links into current
#   CNI_BIN/ipam, CNI_BIN/net-ptp           the plugins
#   UNITS/ipamd.socket, ipamd.service       the units; enabled, and started or restarted. The socket stays, so that no call is refused meanwhile.
#   PREFIX/share/man                        the pages for man
#
# Variables: PREFIX (/usr/local), CNI_BIN (/opt/cni/bin), UNITS (/etc/systemd/system), ARTIFACTS (what was published), and DESTDIR, a folder in front of
# all of these; with it, or without a running systemd, no service is touched.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
artifacts=${ARTIFACTS:-$here/../../artifacts}
destination=${DESTDIR-}
prefix=${PREFIX:-/usr/local}
lib=$destination$prefix/lib/ipamsuite
bin=$destination$prefix/bin
plugins=$destination${CNI_BIN:-/opt/cni/bin}
units=$destination${UNITS:-/etc/systemd/system}
manuals=$destination$prefix/share/man
is_socket_new=
kept=3

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

# Links a name to a target in one step.
link() {
  ln -sfn "$1" "$2.new.$$"
  mv -T "$2.new.$$" "$2"
}

# Puts a file in its place: whole, executable and on the disk, or not at all. What is there already is left as it is.
place() {
  cmp -s "$1" "$2" && [ "$(stat -c %a "$2")" = "$3" ] && return
  install -m "$3" "$1" "$2.new.$$"
  sync "$2.new.$$"
  mv -T "$2.new.$$" "$2"
  sync "$(dirname "$2")"
}

has_systemd() { [ -z "$destination" ] && [ -d /run/systemd/system ]; }

# What an interrupted run left. Another one that runs now loses nothing but time.
clean_up() { rm -rf "$lib"/versions/*.new.* "$lib"/*.new.* "$bin"/ipamctl.new.* "$bin"/ipam-web.new.* "$plugins"/ipam.new.* "$plugins"/net-ptp.new.* "$units"/ipamd.*.new.* "$manuals"/man?.new.*; }

# Copies the published programs into a folder of their own, named by what is in them; prints its name.
add_version() {
  for program in cni/ipam cni/net-ptp ipamd/ipamd ipamctl/ipamctl; do
    [ -x "$artifacts/$program" ] || fail "there is no $artifacts/$program; run 'make publish' first"
  done
  # Older versions have no page.
  folders='cni ipamd ipamctl'
  [ ! -d "$artifacts/ipam-web" ] || folders="$folders ipam-web"
  # shellcheck disable=SC2086 # It is a list.
  hash=$(cd "$artifacts" && find $folders -type f ! -name '.*' -exec sha256sum {} + | LC_ALL=C sort -k 2 | sha256sum | cut -c 1-12)
  name=$(env -u CNI_COMMAND "$artifacts/cni/ipam" < /dev/null 2>&1 > /dev/null | sed -n '1s/.*plugin \([0-9.]*\) .*/\1/p')
  name=${name:-0}-$hash
  if [ ! -d "$lib/versions/$name" ]; then
    new=$lib/versions/$name.new.$$
    mkdir -p "$new"
    # shellcheck disable=SC2086
    (cd "$artifacts" && cp -R $folders "$new/")
    chmod -R u=rwX,go=rX "$new"
    sync -f "$new"
    mv -T "$new" "$lib/versions/$name"
  fi
  echo "$name"
}

# Makes a version the one that is used.
use() {
  version=$lib/versions/$1
  [ -d "$version" ] || fail "there is no version $1 in $lib/versions"
  for plugin in ipam net-ptp; do
    echo '{"cniVersion":"1.1.0"}' | CNI_COMMAND=VERSION "$version/cni/$plugin" > /dev/null || fail "$version/cni/$plugin doesn't run on this host"
  done
  now=$(readlink "$lib/current" 2> /dev/null || true)
  if [ -n "$now" ] && [ "$now" != "versions/$1" ]; then
    link "$now" "$lib/previous"
  fi
  for plugin in ipam net-ptp; do
    place "$version/cni/$plugin" "$plugins/$plugin" 755
  done
  link "versions/$1" "$lib/current"
  link "$prefix/lib/ipamsuite/current/ipamctl/ipamctl" "$bin/ipamctl"
  if [ -d "$version/ipam-web" ]; then
    link "$prefix/lib/ipamsuite/current/ipam-web/ipam-web" "$bin/ipam-web"
  else
    case $(readlink "$bin/ipam-web" || true) in
      */lib/ipamsuite/*) rm -f "$bin/ipam-web" ;;
    esac
  fi
  sync "$lib" "$bin"
}

place_units() {
  # Whoever disabled the socket later wants it so.
  [ -f "$units/ipamd.socket" ] || is_socket_new=yes
  for unit in ipamd.socket ipamd.service; do
    place "$here/$unit" "$units/$unit" 644
  done
}

# The pages for man, all of a section by the same few programs: on a machine that is busy with containers, a few for each page would take half a minute.
place_pages() {
  for section in "$artifacts"/man/man?; do
    [ -d "$section" ] || continue
    pages=$manuals/${section##*/}
    mkdir -p "$pages"
    cp -R "$section" "$pages.new.$$"
    chmod 644 "$pages.new.$$"/*
    sync "$pages.new.$$"/*
    mv -f "$pages.new.$$"/* "$pages/"
    rmdir "$pages.new.$$"
  done
}

start() {
  has_systemd || return 0
  systemctl daemon-reload
  systemctl enable --quiet ipamd.service
  [ -z "$is_socket_new" ] || systemctl enable --quiet ipamd.socket
  # Where ipamd still listens by itself, it makes room for the socket; the plugin asks again meanwhile.
  if systemctl is-enabled --quiet ipamd.socket && ! systemctl is-active --quiet ipamd.socket; then
    systemctl stop ipamd.service
    systemctl start ipamd.socket
  fi
  systemctl restart ipamd.service
  tries=0
  until curl -sf --max-time 2 --unix-socket /run/ipam/ipamd.sock http://ipamd/readyz > /dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 30 ] || fail "ipamd runs, and is not ready after 30 s; 'journalctl -u ipamd' says why. '$0 --rollback' goes back to what was there"
    sleep 1
  done
}

remove_old_versions() {
  ls -1t "$lib/versions" | tail -n +$((kept + 1)) | while read -r old; do
    case "versions/$old" in
      "$(readlink "$lib/current")" | "$(readlink "$lib/previous" 2> /dev/null || true)") ;;
      *) rm -rf "${lib:?}/versions/$old" ;;
    esac
  done
}

mkdir -p "$lib/versions" "$bin" "$plugins" "$units"
clean_up
case ${1-} in
  '') name=$(add_version) ;;
  --rollback)
    name=$(basename "$(readlink "$lib/previous" 2> /dev/null || true)")
    [ -n "$name" ] || fail "there is nothing to go back to"
    ;;
  *) fail "unknown argument '$1'; known is --rollback" ;;
esac
use "$name"
if [ "${1-}" != --rollback ]; then
  place_units
  place_pages
fi
start
remove_old_versions
echo "installed $name in $destination$prefix/lib/ipamsuite, and the plugins in $plugins"
