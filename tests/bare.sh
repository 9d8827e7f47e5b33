#!/usr/bin/env bash
# A bare Debian 12, made by debootstrap in a folder of its own (as root; a network): bare.sh packages|source|all [DEB...]
#   packages  installs the Debian packages (those named, else made from build/ by cpack) where there is no compiler, runs the program,
#             then builds the example of the library with what libtubal-dev and a compiler bring
#   source    runs the README's two commands, tests/run.sh and experiments/quickstart.sh, on a copy of the sources (about an hour)
# TUBAL_MIRROR names another mirror than http://deb.debian.org/debian. No part of continuous integration.
set -euo pipefail
source_folder=$(cd "$(dirname "$0")/.." && pwd)
part=${1:-packages}
[[ $part =~ ^(packages|source|all)$ ]] || { echo "found \`$part\`; allowed are packages, source and all: tests/bare.sh packages"; exit 2; }
((EUID == 0)) || { echo "a bare root needs root: sudo tests/bare.sh $part"; exit 2; }
command -v debootstrap >/dev/null || "$source_folder/core/packages.sh" debootstrap
debs=("${@:2}")
folder=$(mktemp -d "${TMPDIR:-/tmp}/tubal-bare.XXXXXX")
root=$folder/root
leave() {
  for at in dev/pts dev/shm proc; do ! mountpoint -q "$root/$at" || umount "$root/$at"; done
  rm -rf --one-file-system "$folder"
}
trap leave EXIT
trusted=()
inside() { chroot "$root" env -i "${trusted[@]}" PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }

if [[ $part != source && ${#debs[@]} == 0 ]]; then
  cpack --config "$source_folder/build/CPackConfig.cmake" -B "$folder/made" >"$folder/cpack" || { cat "$folder/cpack"; exit 1; }
  debs=("$folder"/made/*.deb)
fi
debootstrap --variant=minbase bookworm "$root" "${TUBAL_MIRROR:-http://deb.debian.org/debian}" >"$folder/debootstrap" || { tail -n 20 "$folder/debootstrap"; exit 1; }
cp /etc/resolv.conf "$root/etc/resolv.conf"
mkdir -p "$root/dev/shm"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/dev/shm"
mkdir -p "$root/dev/pts"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"   # terminals
ln -sf pts/ptmx "$root/dev/ptmx"
inside apt-get update -qq
# A network may sign with an authority of its own, which this machine was told to trust.
if compgen -G "/usr/local/share/ca-certificates/*.crt" >/dev/null; then
  mkdir -p "$root/usr/local/share/ca-certificates"
  cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates"
  inside apt-get install -y -qq --no-install-recommends ca-certificates >"$folder/apt" 2>&1 || { cat "$folder/apt"; exit 1; }
  trusted=(NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt)   # npm has a list of its own
fi

if [[ $part != source ]]; then
  mkdir "$root/debs"
  cp "${debs[@]}" "$root/debs"
  cp "$source_folder/tests/install/tiny.sh" "$root/debs"
  inside bash -c 'apt-get install -y -qq --no-install-recommends /debs/tubal_*.deb >/tmp/apt 2>&1 || { cat /tmp/apt; exit 1; }'
  inside bash -c '! command -v cc c++ gcc g++ clang cmake' || { echo "FAILED: the package brought a compiler"; exit 1; }
  inside bash -c 'set -euo pipefail; source /debs/tiny.sh; mkdir /root/tiny; cd /root/tiny; works /usr; tubal --version; tubal verify tiny'
  echo "tubal runs where there is no compiler, with $(inside dpkg-query -W | wc -l) packages"
  inside bash -c 'apt-get install -y -qq --no-install-recommends /debs/libtubal-dev_*.deb g++ cmake make >/tmp/apt 2>&1 || { cat /tmp/apt; exit 1; }'
  inside bash -c 'set -euo pipefail; cd /root; cmake -S /usr/share/doc/libtubal-dev/layers/examples -B library >out || { cat out; exit 1; }
    cmake --build library >out || { cat out; exit 1; }
    library/random_tokens
    cmake -S /usr/share/doc/libtubal-dev/transforms/examples -B plugins >out && cmake --build plugins >out || { cat out; exit 1; }
    tubal transforms --plugin plugins/dst.so --laws dst'
  echo "libtubal-dev builds its examples"
fi
if [[ $part != packages ]]; then
  mkdir "$root/tubal"
  (cd "$source_folder" && tar c --exclude='./build*' --exclude=./studies .) | tar x -C "$root/tubal"
  rm -rf "$root/tubal/.git"   # as a tarball; where .git is a file it names a folder that is not here
  inside bash -c 'cd /tubal && experiments/quickstart.sh'
  inside bash -c 'cd /tubal && tests/run.sh'
fi
