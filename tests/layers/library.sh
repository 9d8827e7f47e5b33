#!/usr/bin/env bash
# The installed libraries from outside the tree: library.sh BUILD SOURCE. Builds and runs layers/examples against an install
# prefix, sees that what is installed is what layers/public_headers.cmake lists, and compiles each of those headers alone.
set -euo pipefail
build=$1 source=$2
home=$(mktemp -d "${TMPDIR:-/tmp}/tubal-library.XXXXXX")
trap 'rm -rf "$home"' EXIT
quietly() { "$@" >"$home/out" 2>&1 || { cat "$home/out"; echo "FAILED: $*"; exit 1; }; }
for component in plugin libraries; do quietly cmake --install "$build" --prefix "$home/tubal" --component $component; done

# The list as CMake reads it.
cat >"$home/list.cmake" <<END
include($source/layers/public_headers.cmake)
foreach(header \${TUBAL_PUBLIC_HEADERS})
  file(APPEND $home/listed "\${header}\n")
endforeach()
END
cmake -P "$home/list.cmake"
(cd "$home/tubal/include/tubal" && find . -type f) | sed 's#^\./##' | grep -v '^plugin\.h' | LC_ALL=C sort >"$home/installed"
LC_ALL=C sort "$home/listed" | diff - "$home/installed" || { echo "FAILED: listed (<) and installed (>) headers differ"; exit 1; }

cp -r "$source/layers/examples" "$home/examples"
quietly cmake -S "$home/examples" -B "$home/examples/build" -DCMAKE_PREFIX_PATH="$home/tubal"
quietly cmake --build "$home/examples/build"
"$home/examples/build/random_tokens" | tee "$home/out"
for line in '^[0-9]+ parameters in the encoder$' '^step 60: loss 0\.' '^slice 3 of the last layer: energy [0-9.]+, effective rank [0-9.]+$'; do
  grep -qE "$line" "$home/out" || { echo "FAILED: no line matches: $line"; exit 1; }
done

# Each header by itself, by a consumer that names no standard.
mkdir "$home/headers"
{
  echo 'cmake_minimum_required(VERSION 3.18)'
  echo 'project(headers LANGUAGES C CXX)'
  echo 'find_package(tubal REQUIRED COMPONENTS libraries)'
  echo 'add_library(headers OBJECT'
  while read -r header; do
    unit=${header//\//_}.cpp
    printf '#include <tubal/%s>\n#include <tubal/%s>\n' "$header" "$header" >"$home/headers/$unit"
    echo "  $unit"
  done <"$home/listed"
  echo ')'
  echo 'target_link_libraries(headers PRIVATE tubal::layers)'
} >"$home/headers/CMakeLists.txt"
quietly cmake -S "$home/headers" -B "$home/headers/build" -DCMAKE_PREFIX_PATH="$home/tubal"
quietly cmake --build "$home/headers/build"

# Another component than there is: the message says what there is.
printf 'cmake_minimum_required(VERSION 3.18)\nproject(wrong LANGUAGES C CXX)\nfind_package(tubal REQUIRED COMPONENTS layers)\n' >"$home/headers/CMakeLists.txt"
if cmake -S "$home/headers" -B "$home/wrong" -DCMAKE_PREFIX_PATH="$home/tubal" >"$home/out" 2>&1; then echo "FAILED: an unknown component was found"; exit 1; fi
grep -q 'there is no component layers; there is: libraries' "$home/out" || { cat "$home/out"; exit 1; }
