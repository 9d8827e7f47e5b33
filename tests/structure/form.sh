#!/usr/bin/env bash
# form.sh clang-format SOURCES | form.sh prettier SOURCES NODE_MODULES: fails, naming the files, where C++ or the report's
# scripts are not as the tool writes them, and says the command that mends it. Exits 77 where the tool is missing.
set -euo pipefail
tool=$1
cd "$2"

case $tool in
  clang-format)
    version=14  # of Debian 12: others break lines elsewhere
    if ! clang-format --version 2>/dev/null | grep -q "version $version\."; then
      echo "SKIPPED: clang-format $version is not here (Debian 12: apt-get install clang-format), so the form of C++ was not checked."
      exit 77
    fi
    files() { find core transforms layers experiments analysis tests -name node_modules -prune -o -type f '(' -name '*.cpp' -o -name '*.hpp' -o -name '*.c' ')' -print0; }
    odd=$(files | xargs -0 -n 64 clang-format --dry-run 2>&1 | sed -n 's/^\([^: ]*\):[0-9]*:[0-9]*: .*/\1/p' | sort -u)
    mend="clang-format -i"
    unlike() { printf 'int   main( ){return 0;}\n' | clang-format --assume-filename=fault.cpp | cmp -s - <(printf 'int   main( ){return 0;}\n'); } ;;
  prettier)
    prettier=$3/prettier/bin/prettier.cjs
    if ! command -v node >/dev/null || [ ! -f "$prettier" ]; then
      echo "SKIPPED: prettier is not in $3 (npm ci of analysis/report/package.json brings it), so the form of the scripts was not checked."
      exit 77
    fi
    cd analysis/report
    odd=$(node "$prettier" --list-different 'script/*.js' || [ $? = 1 ])
    mend="cd analysis/report && npx prettier --write"
    unlike() { printf 'const a   = 1\n' | node "$prettier" --stdin-filepath fault.js | cmp -s - <(printf 'const a   = 1\n'); } ;;
  *) echo "form.sh: clang-format or prettier, not $tool" >&2; exit 2 ;;
esac

if unlike; then
  echo "form.sh: $tool left a badly written line as it was"
  exit 1
fi
[ -z "$odd" ] && { echo "all files are as $tool writes them"; exit 0; }
printf 'not as %s writes them; `%s %s` mends it:\n%s\n' "$tool" "$mend" "$(echo $odd)" "$odd"
exit 1
