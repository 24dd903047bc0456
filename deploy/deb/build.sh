#!/bin/sh
# build.sh: a Debian package of what 'make publish' and 'make notice' made: artifacts/ipamsuite_VERSION_ARCHITECTURE.deb. From the same programs it makes the same bytes.
#
#   /usr/lib/ipamsuite/{ipamd,ipamctl,ipam-web}   the programs; /usr/sbin/ipamd, /usr/bin/ipamctl and /usr/bin/ipam-web are links to them
#   /usr/lib/cni/{ipam,net-ptp}          the plugins, where Debian's own are; /opt/cni/bin has links, for runtimes that look there
#   /usr/lib/systemd/system              ipamd.socket and ipamd.service
#   /usr/share                           man pages, completion for bash, zsh and fish, licences, examples
#
# The variable OUT says another folder for the package than artifacts/.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
artifacts=$root/artifacts
out=${OUT:-$artifacts}
(cd "$root" && . eng/target.sh && [ "$arch" = "$here" ]) || { echo "build.sh: a package is built on a machine of its own architecture, and ARCH is $ARCH" >&2; exit 1; }
for made in cni/ipam cni/net-ptp ipamd/ipamd ipamctl/ipamctl ipam-web/ipam-web man/man8/ipamd.8 NOTICE; do
  [ -f "$artifacts/$made" ] || { echo "build.sh: there is no $artifacts/$made; run 'make publish notice' first" >&2; exit 1; }
done
version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' "$root/Directory.Build.props")
architecture=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2> /dev/null || date +%s)}
export SOURCE_DATE_EPOCH
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"
umask 022

mkdir -p "$tree/DEBIAN" "$tree/usr/bin" "$tree/usr/sbin" "$tree/usr/lib/ipamsuite" "$tree/usr/lib/cni" "$tree/usr/lib/systemd/system" "$tree/opt/cni/bin"
cp -R "$artifacts/ipamd" "$artifacts/ipamctl" "$artifacts/ipam-web" "$tree/usr/lib/ipamsuite/"
chmod -R u=rwX,go=rX "$tree/usr/lib/ipamsuite"
ln -s ../lib/ipamsuite/ipamctl/ipamctl "$tree/usr/bin/ipamctl"
ln -s ../lib/ipamsuite/ipam-web/ipam-web "$tree/usr/bin/ipam-web"
ln -s ../lib/ipamsuite/ipamd/ipamd "$tree/usr/sbin/ipamd"
for plugin in ipam net-ptp; do
  install -m 755 "$artifacts/cni/$plugin" "$tree/usr/lib/cni/$plugin"
  ln -s "../../../usr/lib/cni/$plugin" "$tree/opt/cni/bin/$plugin"
done
# Where 'ipamctl install-cni' takes plugins from, for a runtime that looks in a third place.
ln -s ../cni "$tree/usr/lib/ipamsuite/cni"
install -m 644 "$root/deploy/systemd/ipamd.socket" "$tree/usr/lib/systemd/system/"
sed 's|/usr/local/lib/ipamsuite/current/|/usr/lib/ipamsuite/|' "$root/deploy/systemd/ipamd.service" > "$tree/usr/lib/systemd/system/ipamd.service"

for page in "$artifacts"/man/man?/*; do
  section=$tree/usr/share/man/$(basename "$(dirname "$page")")
  mkdir -p "$section"
  gzip -9n < "$page" > "$section/$(basename "$page").gz"
done

# completion SHELL FILE
completion() {
  mkdir -p "$tree/$(dirname "$2")"
  "$artifacts/ipamctl/ipamctl" completion "$1" > "$tree/$2"
}
completion bash usr/share/bash-completion/completions/ipamctl
completion zsh usr/share/zsh/vendor-completions/_ipamctl
completion fish usr/share/fish/vendor_completions.d/ipamctl.fish

documents=$tree/usr/share/doc/ipamsuite
mkdir -p "$documents/examples"
install -m 644 "$artifacts/NOTICE" "$documents/copyright"
gzip -9n < "$root/CHANGELOG.md" > "$documents/changelog.gz"
install -m 644 "$root"/deploy/cni/*.conflist "$documents/examples/"

for script in preinst postinst prerm postrm; do
  install -m 755 "$here/$script" "$tree/DEBIAN/$script"
done
size=$(du -sk --apparent-size --exclude=DEBIAN "$tree" | cut -f 1)
sed "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/" "$here/control" > "$tree/DEBIAN/control"
(cd "$tree" && find usr opt -type f | LC_ALL=C sort | xargs md5sum > DEBIAN/md5sums)

package=$out/ipamsuite_${version}_$architecture.deb
# The best compression takes minutes, and saves a tenth.
dpkg-deb --root-owner-group -Zxz -z1 --build "$tree" "$package.new" > /dev/null
mv "$package.new" "$package"
echo "built $package"
