# For which machine is published: this one, or the one that ARCH names (x64, arm64; amd64 and aarch64 mean the same). Sourced in the repository's root.
#   $here, $arch   this machine and that one
#   $rid           that one, as .NET calls it
#   $out           where to: artifacts/, or for another machine a folder in it

# architecture NAME: as .NET calls it.
architecture() {
  case $1 in
    x86_64 | amd64 | x64) echo x64 ;;
    aarch64 | arm64) echo arm64 ;;
    *) echo "$1" ;;
  esac
}
here=$(architecture "$(uname -m)")
arch=$(architecture "${ARCH:-$here}")
rid=linux-$arch
out=$PWD/artifacts
[ "$arch" = "$here" ] || out=$out/$rid
