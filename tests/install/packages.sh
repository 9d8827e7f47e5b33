#!/usr/bin/env bash
# Debian packages by cpack, unpacked into a folder of their own: packages.sh BUILD SOURCE. Exits 77 where dpkg-dev is missing.
set -euo pipefail
build=$1 source=$2
here=$(cd "$(dirname "$0")" && pwd)
source "$here/tiny.sh"
for program in cpack dpkg-deb dpkg-shlibdeps file; do
  command -v $program >/dev/null || { echo "$program is missing (Debian packages cmake, dpkg-dev, file): no packages can be made here"; exit 77; }
done
home=$(mktemp -d "${TMPDIR:-/tmp}/tubal-packages.XXXXXX")
trap 'rm -rf "$home"' EXIT
cd "$home"
unset TUBAL_PLUGIN_PATH
export HOME=$home
quietly cpack --config "$build/CPackConfig.cmake" -B "$home/made"
version=$(sed -n 's/^set(CPACK_PACKAGE_VERSION "\(.*\)")$/\1/p' "$build/CPackConfig.cmake")
architecture=$(dpkg --print-architecture)
program=made/tubal_${version}_$architecture.deb development=made/libtubal-dev_${version}_$architecture.deb
[[ $(cd made && echo *.deb) == "libtubal-dev_${version}_$architecture.deb tubal_${version}_$architecture.deb" ]] || fail "made: $(ls made)"

field() { dpkg-deb -f "$1" "$2"; }
for package in $program $development; do
  [[ $(field $package Version) == "$version" && $(field $package Architecture) == "$architecture" ]] || fail "$package: version or architecture"
  [[ $(field $package Maintainer) =~ ^[^\<]+\ \<[^@\ ]+@[^\ ]+\>$ ]] || fail "maintainer: $(field $package Maintainer)"
  dpkg-deb -c $package >contents
  if awk '$2 != "root/root" || $1 !~ /^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x)$/' contents | grep .; then fail "$package: owners or modes"; fi
  if grep -vE '\./usr(/|/(bin|include|lib|share)/.*)?$|\./$' contents; then fail "$package: files outside /usr"; fi
  dpkg-deb -x $package root
done
depends=$(field $program Depends)
for library in libhdf5-103 libfftw3- libopenblas0 libssl3 libyaml-cpp libsentencepiece libboost-program-options libc6 libgomp1; do
  [[ $depends == *$library* ]] || fail "tubal does not depend on $library: $depends"
done
if [[ $depends =~ -dev|g\+\+|gcc-[0-9]|cmake ]]; then fail "tubal needs a compiler: $depends"; fi
[[ $(field $program Description) == *GPL* ]] || fail "the description does not say what FFTW's licence means"
for package in libxtensor-dev libopenblas-dev libhdf5-dev libssl-dev libfftw3-dev nlohmann-json3-dev pkg-config; do
  [[ $(field $development Depends) == *$package* ]] || fail "libtubal-dev does not depend on $package"
done

# Debian's places; nothing of the one package in the other; no path of this machine.
listed() { dpkg-deb -c "$1" | awk '{print $6}' | grep -v '/$' | LC_ALL=C sort; }
listed $program >program
listed $development >development
[[ ! $(comm -12 program development) ]] || fail "in both: $(comm -12 program development)"
for file in bin/tubal share/man/man1/tubal.1.gz share/bash-completion/completions/tubal share/zsh/vendor-completions/_tubal \
  share/fish/vendor_completions.d/tubal.fish share/doc/tubal/{copyright,changelog.gz,README.md,experiments/quickstart.sh,experiments/grids/quickstart.yaml}; do
  grep -qx "./usr/$file" program || fail "tubal has no /usr/$file"
done
for file in lib/libtubal_{core,transforms,layers}.a lib/cmake/tubal/tubalConfig.cmake include/tubal/plugin.h include/tubal/layers/model.hpp \
  share/doc/libtubal-dev/{copyright,changelog.gz,layers/examples/random_tokens.cpp}; do
  grep -qx "./usr/$file" development || fail "libtubal-dev has no /usr/$file"
done
gzip -t root/usr/share/man/man1/tubal.1.gz || fail "the page is not packed"
grep -q 'Permission is hereby granted' root/usr/share/doc/tubal/copyright && grep -q 'GPL-2' root/usr/share/doc/tubal/copyright || fail "copyright"
# Whole paths alone: sources in /tubal are no /usr/share/doc/tubal, ~/tubal or ${TUBAL_BUILD:-build}/tubal.
whole() { sed 's/[.[\*^$()+?{|]/\\&/g; s#.*#(^|[^[:alnum:]._/~}-])&([^[:alnum:]._-]|$)#' <<<"$1"; }
if grep -rlaE -e "$(whole "$build")" -e "$(whole "$source")" root; then fail "these name folders of the build"; fi
if file root/usr/bin/tubal | grep -q 'not stripped'; then fail "the program is not stripped"; fi

works "$home/root/usr"
# The libraries, and a plug-in that the program of the package takes.
quietly cmake -S root/usr/share/doc/libtubal-dev/layers/examples -B library -DCMAKE_PREFIX_PATH="$home/root/usr"
quietly cmake --build library
library/random_tokens >out
grep -qE '^step 60: loss 0\.' out || { cat out; fail "the example of the library"; }
quietly cmake -S root/usr/share/doc/libtubal-dev/transforms/examples -B plugins -DCMAKE_PREFIX_PATH="$home/root/usr"
quietly cmake --build plugins
quietly root/usr/bin/tubal transforms --plugin plugins/dst.so --laws dst
grep -q holds out || { cat out; fail "the plug-in's laws"; }
echo "$(basename $program) $(stat -c %s $program) bytes, $(basename $development) $(stat -c %s $development) bytes: they run and build"
