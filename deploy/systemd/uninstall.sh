#!/bin/sh
# uninstall.sh [--force]: removes what install.sh installed, with the same variables. Refuses while a network configuration in CONFLISTS (/etc/cni/net.d)
# still names a plugin of it: its containers could neither start nor end. Leases, spool and options (/var/lib/ipam, /etc/ipam) stay.
set -eu
destination=${DESTDIR-}
prefix=${PREFIX:-/usr/local}
lib=$destination$prefix/lib/ipamsuite
plugins=$destination${CNI_BIN:-/opt/cni/bin}
units=$destination${UNITS:-/etc/systemd/system}
manuals=$destination$prefix/share/man
conflists=$destination${CONFLISTS:-/etc/cni/net.d}

case ${1-} in
  '' | --force) ;;
  *)
    echo "uninstall.sh: unknown argument '$1'; known is --force" >&2
    exit 1
    ;;
esac
users=$(grep -lE '"type"[[:space:]]*:[[:space:]]*"(ipam|net-ptp)"' "$conflists"/*.conf "$conflists"/*.conflist "$conflists"/*.json 2> /dev/null || true)
if [ -n "$users" ] && [ "${1-}" != --force ]; then
  echo "uninstall.sh: still in use by" $users >&2
  echo "move the containers to another network and remove the configuration first, or use --force" >&2
  exit 1
fi
if [ -z "$destination" ] && [ -d /run/systemd/system ]; then
  systemctl disable --now --quiet ipamd.socket ipamd.service || true
fi
rm -f "$plugins/ipam" "$plugins/net-ptp" "$units/ipamd.socket" "$units/ipamd.service" "$manuals"/man1/ipamctl.1 "$manuals"/man1/ipamctl-*.1 "$manuals"/man8/ipamd.8 "$manuals"/man8/ipam-web.8
for program in ipamctl ipam-web; do
  case $(readlink "$destination$prefix/bin/$program" || true) in
    */lib/ipamsuite/*) rm -f "$destination$prefix/bin/$program" ;;
  esac
done
rm -rf "$lib"
if [ -z "$destination" ] && [ -d /run/systemd/system ]; then
  systemctl daemon-reload
fi
echo "removed; /var/lib/ipam has the leases and the spool, and /etc/ipam the options, if you want to remove those, too"
