#!/bin/sh
# Writes artifacts/NOTICE: which packages are in what was published, in which version, of whom, under which licence; then the texts. A text comes from the package
# if it has one of its own, and otherwise from licenses/, by the name that SPDX has for the licence. ARCH=arm64: of what was published for that machine, beside it.
set -eu
cd "$(dirname "$0")/.."
cache=${NUGET_PACKAGES:-$HOME/.nuget/packages}
. eng/target.sh
# The patch that plugins are linked with.
dotnet=$(dotnet msbuild src/Ipam.Plugin/Ipam.Plugin.csproj -getProperty:BundledNETCoreAppPackageVersion)
texts=$(mktemp -d)
trap 'rm -rf "$texts" "$out/NOTICE.new"' EXIT

fail() {
  echo "notice.sh: $1" >&2
  exit 1
}

# packages FILE: name/version of each package in a list of dependencies.
packages() { sed -n 's/^    "\(.*\/[0-9].*\)": {$/\1/p; s/^      "type": "\(.*\)",$/ \1/p' "$1" | awk '/^ / { if ($1 == "package") print name; next } { name = $0 }'; }

# folder NAME VERSION: where the package is.
folder() { echo "$cache/$(echo "$1/$2" | tr 'A-Z' 'a-z')"; }

# element NAME FILE: the text of an element of a package's description.
element() { sed -n "s/.*<$1[^>]*>\(.*\)<\/$1>.*/\1/p" "$2" | sed 's/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'; }

# keep_licence TERMS: takes the text of each licence in an expression of SPDX's.
keep_licence() {
  for name in $(echo "$1" | tr -d '()' | sed 's/ \(OR\|AND\|WITH\) / /g'); do
    text=licenses/$name.txt
    [ "$name" != Apache-2.0 ] || text=LICENSE
    [ -f "$text" ] || fail "there is no licenses/$name.txt, the text of the licence $name"
    cp "$text" "$texts/licence-$name"
  done
}

# keep_own TITLE FOLDER: takes the texts that a package has itself. The same text of several packages is kept once, with all their titles.
keep_own() {
  [ -d "$2" ] || fail "there is no $2"
  find "$2" -maxdepth 1 -type f \( -iname 'licen[cs]e*' -o -iname '*notice*' -o -iname 'copying*' \) | LC_ALL=C sort | while read -r own; do
    text=$texts/own-$(sha256sum < "$own" | cut -c 1-16)
    sed 's/\r$//; 1s/^\xef\xbb\xbf//' "$own" > "$text"
    echo "$1" >> "$text.titles"
  done
}

# package NAME VERSION: a line about it; and keeps its texts.
package() {
  at=$(folder "$1" "$2")
  spec=$at/$(echo "$1" | tr 'A-Z' 'a-z').nuspec
  [ -f "$spec" ] || fail "there is no $spec"
  terms=$(sed -n 's/.*<license type="expression">\(.*\)<\/license>.*/\1/p' "$spec")
  [ -n "$terms" ] || fail "$spec names no licence"
  keep_licence "$terms"
  keep_own "$1 $2" "$at"
  holder=$(element copyright "$spec")
  echo "$1 $2: $terms. ${holder:-Copyright $(element authors "$spec")}"
}

rule() { echo; echo "--------------------------------------------------------------------------------"; echo; }

{
  echo "IpamSuite has the Apache License 2.0. It contains or uses what follows, under the licences whose texts are below."
  echo
  echo ".NET $dotnet: MIT. Copyright (c) .NET Foundation and Contributors (linked into ipam and net-ptp; ipamd, ipamctl and ipam-web run on it)"
  keep_licence MIT
  keep_own ".NET $dotnet" "$(folder "runtime.$rid.Microsoft.DotNet.ILCompiler" "$dotnet")"
  echo "musl: MIT and others. Copyright Rich Felker and others (linked into ipam and net-ptp, unless they were linked with glibc: LGPL-2.1-or-later)"
  keep_licence "musl LGPL-2.1-or-later"
  for program in ipamd ipamctl ipam-web; do packages "$out/$program/$program.deps.json"; done | LC_ALL=C sort -u -t / -k 1,1 -k 2 > "$texts/packages"
  while IFS=/ read -r name version; do
    package "$name" "$version"
  done < "$texts/packages"
  for text in "$texts"/licence-*; do
    rule
    echo "${text##*/licence-}"
    echo
    cat "$text"
  done
  for titles in "$texts"/own-*.titles; do
    rule
    echo "What comes with $(paste -sd , "$titles" | sed 's/,/, /g'):"
    echo
    cat "${titles%.titles}"
  done
} > "$out/NOTICE.new"
mv "$out/NOTICE.new" "$out/NOTICE"
