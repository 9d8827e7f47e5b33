# The records of describe.awk to fish's `complete` lines; completion.fish has the functions that they call.
BEGIN { FS = "\t"; print "complete -c tubal -f" }
function quoted(s) { gsub(/\\/, "\\\\", s); gsub(/'/, "\\'", s); return "'" s "'" }
function words(kind) { kind = substr(kind, index(kind, ":") + 1); gsub(/,/, " ", kind); return kind }
function offered(kind) {
  if (kind ~ /^choice:/) return words(kind)
  if (kind == "transform") return "(__tubal_transforms)"
  if (kind == "setting" || kind == "axis") return "(__tubal_setting " kind ")"
  if (kind == "folder") return "(__fish_complete_directories)"
  if (kind == "file") return "(__fish_complete_path)"
  if (kind ~ /^file:/) return "(__fish_complete_suffix ." words(kind) ")"
  if (kind == "grid") return "(__fish_complete_suffix .yaml; __fish_complete_suffix .yml)"
  if (kind == "golden") return "(__fish_complete_suffix .h5)"
  if (kind == "study") return "(__tubal_studies)"
  if (kind == "trial") return "(__tubal_trials)"
  return ""
}
$1 == "command" { printf "complete -c tubal -n __tubal_first -a %s -d %s\n", $2, quoted($3) }
$1 == "takes" {
  n = split($3, kind, " ")
  for (i = 1; i <= n; i++) printf "complete -c tubal -n '__tubal_in %s' -a %s\n", $2, quoted(kind[i] == "trial" ? "(__tubal_named_trials)" : offered(kind[i]))
}
$1 == "option" {
  line = "complete -c tubal -n '__tubal_in " $2 "' -l " $3 ($4 == "" ? "" : " -s " $4)
  if ($7 != "flag") line = line " -x" (offered($7) == "" ? "" : " -a " quoted(offered($7)))
  print line " -d " quoted($8)
}
$1 == "key" {
  name = $2
  sub(/NAME$/, "", name)
  keys = keys " " name (name == $2 ? "=" : "")
  if ($6 ~ /^(choice|list):/) cases = cases sprintf("        case %s\n            printf '%%s\\n' %s\n", $2, words($6))
  if ($6 == "transform") cases = cases sprintf("        case %s\n            __tubal_transforms\n", $2)
}
$1 == "transform" { transforms = transforms " " $2 }
END {
  print "complete -c tubal -n __tubal_first -l help -d 'what there is'\ncomplete -c tubal -n __tubal_first -l version -d 'the build'"
  printf "function __tubal_transforms\n    printf '%%s\\n'%s\nend\n", transforms
  printf "function __tubal_keys\n    printf '%%s\\n'%s\nend\n", keys
  printf "function __tubal_key_values\n    switch $argv[1]\n%s    end\nend\n", cases
}
