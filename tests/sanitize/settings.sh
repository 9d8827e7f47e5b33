# settings.sh SANITIZER: sourced by tests/run.sh; the build's folder, `options` of the build (as the preset's), what the
# sanitizers are told, and `without`: what does not run under them. asan-ubsan, tsan, or quick: what continuous integration
# has the time for, the first without its slowest checks on what computes and on what handles memory (units, laws, golden cases).
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export TUBAL_BUILD=${TUBAL_BUILD:-build-$1}
case $1 in
  asan-ubsan) options=(-DCMAKE_BUILD_TYPE=Sanitize -DTUBAL_SANITIZE=address,undefined) ;;
  quick)
    options=(-DCMAKE_BUILD_TYPE=Sanitize -DTUBAL_SANITIZE=address,undefined -DTUBAL_SANITIZE_QUICK=ON)
    export TUBAL_TARGETS="test_core test_transforms test_layers"
    ;;
  tsan) options=(-DCMAKE_BUILD_TYPE=Sanitize -DTUBAL_SANITIZE=thread) ;;
esac
# Errors end the program with a status that no test allows. Leaks: `leaks.txt` names what libraries keep for good.
export ASAN_OPTIONS=exitcode=99:abort_on_error=0:detect_stack_use_after_return=1:allocator_may_return_null=1
export LSAN_OPTIONS=suppressions=$here/leaks.txt:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1
# More threads than cores wait for each other: asleep, not in a loop.
export OMP_WAIT_POLICY=passive
# OpenBLAS, libgomp and oneDNN are not instrumented: their threads and locks are not seen. (Named one by one they cannot be left
# out: GCC 12's library ends where a plug-in is loaded after them.)
export TSAN_OPTIONS=exitcode=99:ignore_noninstrumented_modules=1:halt_on_error=1:handle_segv=0:handle_abort=0
# Their own shims or limits on address space stand in a sanitizer's way (its shadow is terabytes); other compilers and installed packages
# are no part of the build; Chromium and LaTeX look at what a program wrote, not at the program.
without=(-E '^(failures|slurm|install|report|exports|readme): |limits on memory|installed libraries|^fault: (kills|instants|disk|causes)|lives of a study|benchmark|README')
# A context of 8,192 tokens takes a minute.
[ "$1" != quick ] || without=(-E 'one token, 8,192 tokens' -L 'units-of-(core|transforms|layers)')
