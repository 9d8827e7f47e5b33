# What bash and zsh complete from, as functions that both understand: the records of describe.awk to _tubal_options COMMAND,
# _tubal_takes COMMAND (kinds of the argument without a dash), _tubal_kind COMMAND OPTION and _tubal_key_kind KEY.
BEGIN { FS = "\t" }
function quoted(s) { gsub(/'/, "'\\''", s); return "'" s "'" }
$1 == "command" { commands = commands (commands ? " " : "") $2 }
$1 == "option" {
  options[$2] = options[$2] " --" $3
  cases[$7] = cases[$7] (cases[$7] ? " | " : "") quoted($2 " --" $3)
  if ($4 != "") cases[$7] = cases[$7] " | " quoted($2 " -" $4)
  if (!($7 in seen)) { seen[$7]; kind[++kinds] = $7 }
}
$1 == "takes" { takes[$2] = $3 }
$1 == "key" {
  name = $2
  sub(/NAME$/, "", name)
  keys = keys (keys ? " " : "") name (name == $2 ? "=" : "")
  if ($6 != "text") key_cases = key_cases sprintf("    %s) echo %s ;;\n", $2, quoted($6))
}
$1 == "transform" { transforms = transforms (transforms ? "," : "") $2 }
END {
  printf "_tubal_commands=%s\n_tubal_keys=%s\n_tubal_transforms=%s\n", quoted(commands), quoted(keys), quoted(transforms)
  n = split(commands, command, " ")
  print "_tubal_options() {\n  case $1 in"
  for (i = 1; i <= n; i++) printf "    %s) echo %s ;;\n", command[i], quoted(substr(options[command[i]], 2))
  print "  esac\n}\n_tubal_takes() {\n  case $1 in"
  for (i = 1; i <= n; i++) printf "    %s) echo %s ;;\n", command[i], quoted(takes[command[i]])
  print "  esac\n}\n_tubal_kind() {\n  case \"$1 $2\" in"
  for (i = 1; i <= kinds; i++) printf "    %s) echo %s ;;\n", cases[kind[i]], quoted(kind[i])
  printf "  esac\n}\n_tubal_key_kind() {\n  case $1 in\n%s  esac\n}\n", key_cases
}
