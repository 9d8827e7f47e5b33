# Passes ctest's output on, and before its summary says how long the build and the slowest tests took. -v build=SECONDS
/^ *[0-9]+\/[0-9]+ Test +#/ && match($0, /[0-9.]+ sec/) {
  seconds = substr($0, RSTART, RLENGTH - 4) + 0
  name = $0
  sub(/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: /, "", name)
  sub(/ *\.\.\..*$| +(Passed|\*\*\*).*$/, "", name)
  time[name] = seconds
  all += seconds
}
/^[0-9]+% tests passed/ { ended = 1 }
ended { rest = rest $0 "\n"; next }
{ print; fflush() }
END {
  printf "\nBuilt in %d s. The tests took %d s of one core after another; the slowest:\n", build, all
  for (n = 0; n < 12; ++n) {
    most = ""
    for (name in time) if (most == "" || time[name] > time[most]) most = name
    if (most == "") break
    printf "%8.1f s  %s\n", time[most], most
    delete time[most]
  }
  printf "\n%s", rest
}
