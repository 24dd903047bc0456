#!/bin/bash
# newcomer.sh: does what README.md tells a new user of a plain host to do, line by line as it is written there, and says how long it took from the first command to the first address.
# This machine keeps nothing of it: what is installed is in a mount namespace, and the network in a network namespace. There systemd doesn't run, so that ipamd is started here,
# by the unit's command. PUBLISHED=1 says that artifacts/ is there: 'make install' then compiles nothing, which is most of its time.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/newcomer-lib.sh
[ "$(id -u)" = 0 ] || { echo "namespaces need root; run 'sudo make newcomer'" >&2; exit 1; }
if [ "${1-}" != inside ]; then
  eng/packages.sh curl jq iproute2 containernetworking-plugins
  in_namespaces
fi

cover /usr/local /opt /etc /var/lib /run
rm -rf /run/systemd/system /run/ipam /var/lib/ipam /etc/ipam /etc/cni/net.d

follow() {
  case $1 in
    'make install'*)
      local make=make
      [ -z "${PUBLISHED-}" ] || { make='make -o publish'; echo "(of what is in artifacts already)"; }
      bash -c "${1/#make/$make}" < /dev/null
      mkdir -p /run/ipam /var/lib/ipam
      $(sed -n 's/^ExecStart=//p' /etc/systemd/system/ipamd.service) --log-level warning &
      await curl -f --unix-socket /run/ipam/ipamd.sock http://ipamd/readyz
      ;;
    'ipamctl web'*)
      # It goes on until Ctrl-C.
      $on_node bash -c "exec $1" < /dev/null > "$work/page" &
      await grep ' is shown at ' "$work/page"
      cat "$work/page"
      $on_node curl -fsS -o "$work/answer" "$(sed 's/.* //' "$work/page")"
      kill $!
      ;;
    *) bash -c "$1" < /dev/null ;;
  esac
}

began=$EPOCHREALTIME
follow_block README.md "Install it" sh
conflist=$(grep -o '/etc/cni/net.d/[a-z0-9-]*.conflist' README.md | head -n 1)
echo "writing $conflist"
mkdir -p "$(dirname "$conflist")"
block README.md "Use it" json > "$conflist"
echo "adding a container"
ip netns add newcomer
ip -n newcomer link set lo up
ip netns add newcomer-one
on_node='ip netns exec newcomer'
cni ADD newcomer-one "$conflist"
tell_time
follow_block README.md "Use it" sh
