#!/usr/bin/env bash
# Installs the Debian packages named as arguments, only those missing, with sudo only where not root.
set -euo pipefail
missing=()
for package in "$@"; do
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0
echo "Installing ${#missing[@]} missing packages: ${missing[*]}"
root=(); ((EUID == 0)) || root=(sudo)
"${root[@]}" apt-get update -qq
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
