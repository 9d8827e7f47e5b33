# The records of describe.awk to zsh's specifications of options: _tubal_specs COMMAND sets the array `specs` for _arguments.
BEGIN { FS = "\t"; q = "'" }
function quoted(s) { gsub(/'/, "'\\''", s); return q s q }
function told(s) { gsub(/[][\\]/, "\\\\&", s); return s }
# What the value is called, and what completes it; a colon ends a part.
function message(metavar, kind) { return metavar != "arg" && metavar != "" ? metavar : kind ~ /^(setting|axis)$/ ? "KEY=VALUE" : kind ~ /^(folder|file|trial)/ ? kind : "value" }
function value(metavar, kind) {
  if (kind == "flag") return ""
  metavar = message(metavar, kind)
  gsub(/:.*/, "", metavar)
  gsub(/:/, "=", kind)
  return ":" metavar ":" (kind == "text" ? " " : "_tubal_value " kind)
}
$1 == "command" { commands = commands (commands ? " " : "") quoted($2 ":" $3); names[++n] = $2 }
$1 == "takes" {
  if ($3 != "") {
    kinds = $3
    spec[$2] = spec[$2] "      " quoted(($2 == "verify" ? "*" : "1") ":" kinds ":_tubal_value " kinds) "\n"
  }
}
$1 == "option" {
  again = $8 ~ /may be (given again|repeated)/ ? "*" : ""
  if ($4 != "") {
    spec[$2] = spec[$2] "      " quoted("(-" $4 " --" $3 ")--" $3 ($7 == "flag" ? "" : "=") "[" told($8) "]" value($5, $7)) "\n"
    spec[$2] = spec[$2] "      " quoted("(-" $4 " --" $3 ")-" $4 ($7 == "flag" ? "" : "+") "[" told($8) "]" value($5, $7)) "\n"
  } else {
    spec[$2] = spec[$2] "      " quoted(again "--" $3 ($7 == "flag" ? "" : "=") "[" told($8) "]" value($5, $7)) "\n"
  }
}
END {
  print "_tubal_described=(" commands ")\n_tubal_specs() {\n  case $1 in"
  for (i = 1; i <= n; i++) printf "    %s) specs=(\n%s    ) ;;\n", names[i], spec[names[i]]
  print "    *) specs=() ;;\n  esac\n}"
}
