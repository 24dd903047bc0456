#!/bin/bash
# newcomer.sh: does what README.md tells a new user of a plain host to do, line by line as it is written there, and says how long it took from the first command to the first address.
# This machine keeps nothing of it: what is installed is in a mount namespace, and the network in a network namespace. There systemd doesn't run, so that ipamd is started here,
# by the unit's command.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "namespaces need root; run 'sudo make newcomer'" >&2; exit 1; }
if [ "${1-}" != inside ]; then
  eng/packages.sh curl jq iproute2 containernetworking-plugins
  exec unshare --mount --propagation private "$0" inside
fi

work=$(mktemp -d /tmp/ipam-newcomer.XXXXXX)
ipamd_pid=
clean_up() {
  [ -z "$ipamd_pid" ] || { kill "$ipamd_pid" 2>/dev/null && wait "$ipamd_pid" || true; }
  for n in newcomer newcomer-one; do ip netns del $n 2>/dev/null || true; done
  for folder in $covered; do umount -l "$folder" || true; done
  rm -rf "$work"
}
covered=
trap clean_up EXIT
for folder in /usr/local /opt /etc /var/lib /run; do
  mkdir -p "$work$folder/upper" "$work$folder/work"
  mount -t overlay overlay -o "lowerdir=$folder,upperdir=$work$folder/upper,workdir=$work$folder/work" "$folder"
  covered="$folder $covered"
done
rm -rf /run/systemd/system /run/ipam /var/lib/ipam /etc/ipam /etc/cni/net.d

# block HEADING LANGUAGE [NUMBER]: a block of code below a heading of README.md.
block() {
  awk -v heading="## $1" -v fence="\`\`\`$2" -v wanted="${3:-1}" '
    /^## / { here = ($0 == heading) }
    here && $0 == "```" { inside = 0 }
    here && inside == wanted { print }
    here && $0 == fence { inside = ++count }' README.md
}

# follow LINE: runs it as it is.
follow() {
  printf '$ %s\n' "$1"
  bash -c "$1" < /dev/null
  case $1 in
    'make install'*)
      mkdir -p /run/ipam /var/lib/ipam
      $(sed -n 's/^ExecStart=//p' /etc/systemd/system/ipamd.service) --log-level warning &
      ipamd_pid=$!
      until [ -S /run/ipam/ipamd.sock ]; do kill -0 $ipamd_pid; sleep 0.05; done
      ;;
  esac
}

follow_block() {
  local line
  block "$@" > "$work/block"
  [ -s "$work/block" ] || { echo "README.md has no block $*" >&2; exit 1; }
  while read -r line; do [ -z "$line" ] || follow "$line"; done < "$work/block"
}

# As a runtime: one plugin after the other, each with the result of the one before.
add_container() {
  ip netns add newcomer
  ip netns add newcomer-one
  local conflist=$1 result=null i
  for i in $(seq 0 $(($(jq '.plugins | length' "$conflist") - 1))); do
    jq --argjson before "$result" ".plugins[$i] + {cniVersion, name} + (if \$before then {prevResult: \$before} else {} end)" "$conflist" > "$work/conf"
    result=$(CNI_COMMAND=ADD CNI_CONTAINERID=one CNI_NETNS=/run/netns/newcomer-one CNI_IFNAME=eth0 CNI_PATH=/opt/cni/bin:/usr/lib/cni \
      ip netns exec newcomer "$(PATH=/opt/cni/bin:/usr/lib/cni command -v "$(jq -r .type "$work/conf")")" < "$work/conf")
  done
  jq -r '.ips[].address' <<< "$result"
}

began=$EPOCHREALTIME
follow_block "Install it" sh
conflist=$(grep -o '/etc/cni/net.d/[a-z0-9-]*.conflist' README.md | head -n 1)
echo "writing $conflist"
mkdir -p "$(dirname "$conflist")"
block "Use it" json > "$conflist"
echo "adding a container"
add_container "$conflist"
ended=$EPOCHREALTIME
echo "the first address came $(((${ended/./} - ${began/./}) / 1000000)) s after the first command"
follow_block "Use it" sh
