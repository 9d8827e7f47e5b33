# The records of describe.awk to the manual page tubal(1): roff with the man macros.
BEGIN { FS = "\t" }

# Text as it stands: no roff requests or escapes, plain hyphens and quotes, which can be copied from the page.
function roff(s) {
  gsub(/\\/, "\\e", s)
  gsub(/-/, "\\-", s)
  gsub(/'/, "\\(aq", s)
  gsub(/`/, "\\(ga", s)
  gsub(/\^/, "\\(ha", s)
  gsub(/~/, "\\(ti", s)
  if (s ~ /^\./) s = "\\&" s
  return s
}
function section(name) { print ".SH " name }
function entry(tag, text) { printf ".TP\n%s\n%s\n", tag, roff(text) }
function bold(s) { return "\\fB" roff(s) "\\fR" }
function italic(s) { return "\\fI" roff(s) "\\fR" }

# What stands for a value: the program's own word, or one for what it wants.
function value(metavar, kind) {
  if (metavar != "arg") return metavar
  if (kind == "setting") return "KEY=VALUE"
  if (kind == "axis") return "KEY=A,B,C"
  if (kind ~ /^(folder|file|trial)/) { sub(/:.*/, "", kind); return toupper(kind) }
  return "VALUE"
}
# One command's lines of text: paragraphs are filled, blank lines part them.
function paragraphs(text,    n, line, i, open) {
  n = split(text, line, "\n")
  for (i = 1; i <= n; i++) {
    if (line[i] == "") { open = 0; continue }
    if (!open++) print ".PP"
    print roff(line[i])
  }
}

$1 == "version" { version = $2; sub(/ \(.*/, "", version); build = $2 }
$1 == "title" { title = $2 }
$1 == "line" { lines = lines $2 "\n" }
$1 == "status" { status[++statuses] = $2; status_text[$2] = $3 }
$1 == "variable" { variable[++variables] = $2; variable_text[$2] = $3 }
$1 == "file" { file[++files] = $2; file_text[$2] = $3 }
$1 == "command" { command[++commands] = $2; summary[$2] = $3 }
$1 == "usage" { usage[$2] = usage[$2] $3 "\n" }
$1 == "text" { text[$2] = text[$2] $3 "\n" }
$1 == "example" { examples[$2] = examples[$2] $3 "\n" }
$1 == "option" { option[$2, ++options[$2]] = $0 }
$1 == "key" { key[++keys] = $0 }

function tell_options(name,    i, field, tag) {
  for (i = 1; i <= options[name]; i++) {
    split(option[name, i], field, "\t")
    tag = bold("--" field[3])
    if (field[4] != "") tag = bold("-" field[4]) ", " tag
    if (field[7] != "flag") tag = tag " " italic(value(field[5], field[7]))
    if (field[6] != "") tag = tag " (default: " roff(field[6]) ")"
    entry(tag, field[8])
  }
}
function verbatim(lines_of,    n, line, i) {
  n = split(lines_of, line, "\n")
  print ".PP\n.EX"
  for (i = 1; i < n; i++) print roff(line[i])
  print ".EE"
}

END {
  printf ".\\\" Made from what `tubal --help` and `tubal COMMAND --help` say.\n"
  printf ".TH TUBAL 1 %s \"%s\" \"User commands\"\n.nh\n.ad l\n", date, roff(version)
  section("NAME")
  print "tubal \\- " roff(title)
  section("SYNOPSIS")
  print bold("tubal") " " italic("COMMAND") " [" italic("options") "]"
  for (i = 1; i <= commands; i++) {
    n = split(usage[command[i]], line, "\n")
    for (j = 1; j < n; j++) print ".br\n" roff(line[j])
  }
  section("DESCRIPTION")
  for (i = 1; i <= commands; i++) entry(bold(command[i]), summary[command[i]])
  paragraphs(lines)
  section("COMMANDS")
  for (i = 1; i <= commands; i++) {
    name = command[i]
    print ".SS tubal " roff(name)
    n = split(usage[name], line, "\n")
    for (j = 1; j < n; j++) print (j > 1 ? ".br\n" : "") roff(line[j])
    paragraphs(text[name])
    tell_options(name)
    if (examples[name] != "") {
      print ".PP\nExamples:"
      verbatim(examples[name])
    }
  }
  section("EXIT STATUS")
  for (i = 1; i <= statuses; i++) entry(bold(status[i]), status_text[status[i]])
  section("ENVIRONMENT")
  for (i = 1; i <= variables; i++) entry(bold(variable[i]), variable_text[variable[i]])
  section("FILES")
  for (i = 1; i <= files; i++) entry(italic(file[i]), file_text[file[i]])
  section("CONFIGURATION KEYS")
  print "What a grid file, \\fB\\-\\-set\\fR and \\fB\\-\\-sweep\\fR may set, with defaults."
  for (i = 1; i <= keys; i++) {
    split(key[i], field, "\t")
    entry(bold(field[2]) (field[3] == "" ? "" : " (default: " roff(field[3]) ")"), field[4])
    print ".br\n" italic(field[5])
  }
}
