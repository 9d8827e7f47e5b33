#!/usr/bin/env bash
# `cmake --install` into a folder of its own, and what it put there: install.sh BUILD SOURCE
set -euo pipefail
build=$1 source=$2
here=$(cd "$(dirname "$0")" && pwd)
source "$here/tiny.sh"
home=$(mktemp -d "${TMPDIR:-/tmp}/tubal-install.XXXXXX")
trap 'rm -rf "$home"' EXIT
cd "$home"
unset TUBAL_PLUGIN_PATH
export HOME=$home DESTDIR=$home/root
quietly cmake --install "$build" --prefix /opt/tubal
unset DESTDIR
at=$home/root/opt/tubal
for file in bin/tubal share/man/man1/tubal.1 share/bash-completion/completions/tubal share/zsh/site-functions/_tubal \
  share/fish/vendor_completions.d/tubal.fish share/doc/tubal/{README.md,LICENSE,LICENSES-of-reports,analysis/report.png,experiments/results/paper-imdb/front-parameters.svg} \
  share/doc/tubal/experiments/{README.md,quickstart.sh} share/doc/libtubal-dev/{transforms,layers}/{README.md,examples/CMakeLists.txt} \
  include/tubal/{plugin.h,plugin.hpp,layers/model.hpp}; do
  [[ -s $at/$file ]] || fail "$file was not installed"
done
for name in core transforms layers; do compgen -G "$at/lib*/libtubal_$name.a" "$at/lib*/*/libtubal_$name.a" >/dev/null || fail "no libtubal_$name.a"; done
diff <(cd "$source/experiments/grids" && ls) <(cd "$at/share/doc/tubal/experiments/grids" && ls) || fail "grids"
if grep -rlIF "$build" "$at"; then fail "these name the build folder"; fi
mv "$home/root/opt/tubal" "$home/elsewhere"   # nothing knows where it was put
at=$home/elsewhere
works "$at"
bash -c "source '$at/share/bash-completion/completions/tubal' && complete -p tubal" | grep -q -- '-F _tubal' || fail "the completion does not load"

# The installed quickstart leaves its study in the current folder; other data and one cell, so that it takes a second.
mkdir bin fresh
printf '#!/bin/sh\necho apt lists are there\n' >bin/apt-cache
chmod +x bin/apt-cache
(cd fresh && PATH=$home/bin:$PATH "$at/share/doc/tubal/experiments/quickstart.sh" --set data.name=synthetic --set training.epochs=1 \
  --set data.synthetic.train=200 --set data.train_rows=100 --set data.test_rows=50 --sweep model.p=1 --sweep model.transform=dct) >out 2>&1 || { cat out; fail "quickstart.sh"; }
[[ -s fresh/studies/quickstart/report.html ]] || { cat out; fail "the quickstart left no report"; }

# The revision: unknown in a plain folder, also inside another project's repository; `git archive` takes it along.
revision() { cmake -DSOURCE="$1" -DOUTPUT="$home/revision.cpp" -P "$1/core/revision.cmake" && sed -n 's/^const .*"\(.*\)";$/\1/p' revision.cpp; }
mkdir -p outer/plain/core
cp "$source/core/revision.cmake" outer/plain/core
[[ $(revision "$home/outer/plain") == unknown ]] || fail "a revision outside git: $(cat revision.cpp)"
if git -C "$source" rev-parse HEAD >head 2>/dev/null; then
  git -C outer init -q
  git -C outer -c user.name=t -c user.email=t@localhost commit -q --allow-empty -m outer
  [[ $(revision "$home/outer/plain") == unknown ]] || fail "the revision of the repository around: $(cat revision.cpp)"
  mkdir archive
  git -C "$source" archive HEAD core/revision.cmake | tar x -C archive
  [[ $(revision "$home/archive") == "$(cat head)" ]] || fail "the revision of an archive: $(cat revision.cpp), not $(cat head)"
fi
echo "installed and moved: it runs"
