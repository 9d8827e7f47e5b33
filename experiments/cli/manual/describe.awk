# The texts of `tubal --help`, `tubal COMMAND --help`, `tubal plan --keys` and `tubal transforms` (each after a line that begins
# with @, see generate.sh), to one record a line, fields apart by tabs. Manual page and completions are made of these alone:
#   version TEXT                         title TEXT                   line TEXT (what stands below the list of commands)
#   variable NAME TEXT                   file NAME TEXT               status NUMBER TEXT
#   command NAME SUMMARY                 usage COMMAND TEXT           text COMMAND LINE      example COMMAND LINE
#   takes COMMAND KINDS                  option COMMAND LONG SHORT METAVAR DEFAULT KIND TEXT
#   key NAME DEFAULT TEXT ALLOWED KIND   transform NAME
# KIND says what completes a value: flag (there is none), folder, file[:SUFFIX], setting, axis, trial, transform,
# choice:a,b,c (of a key also list:a,b,c), or text, for which nothing is offered. KINDS, apart by blanks, say the same of the
# argument without a dash: grid, study, trial, golden, folder.
BEGIN { FS = "\n"; OFS = "\t" }

function trim(s) { gsub(/^ +| +$/, "", s); return s }

# The words that a text allows, as "a,b,c": it lists them with "or" or "|", or after one word and a colon; remarks stand in brackets.
function choices(text,    part, n, i, word, list, count) {
  gsub(/ \([^)]*\)/, "", text)
  if (!sub(/^[a-z_]+: /, "", text) && text !~ /(^|[ ,;])or | \| /) return ""
  sub(/^[a-z]+ [a-z ]+: /, "", text)
  gsub(/ \| |; or |, or | or /, ", ", text)
  n = split(text, part, ", ")
  for (i = 1; i <= n; i++) {
    word = part[i]
    sub(/: .*/, "", word)
    if (word !~ /^[a-z][a-z0-9_]*$/) break
    list = list (count++ ? "," : "") word
  }
  return count > 1 ? list : ""
}

function option_kind(name, metavar, text,    list) {
  if (metavar == "") return "flag"
  if (name == "set") return "setting"
  if (name == "sweep") return "axis"
  if (name == "plugin") return "file:so"
  if (text ~ /^(the )?folder|: the folder$|this study's folder/) return "folder"
  if (text ~ /(^|: )((the )?(training|test) )?file|to this file|or a file$|golden cases|HDF5, NPY or CSV/) return "file"
  if (text ~ /trial.*id's? |trial.*its id/) return "trial"
  if (name ~ /^(show|laws|init)$/) return "transform"
  list = choices(text)
  return list != "" ? "choice:" list : "text"
}

function key_kind(name, text, allowed,    list) {
  if (name ~ /^model\.transform(\.init)?$/) return "transform"
  if (allowed ~ /^path/ && text ~ /folder/) return "folder"
  if (allowed == "true or false") return "choice:true,false"
  if (allowed ~ /^path|^file/) return "file"
  if (allowed ~ /^`[a-z0-9_]+`$/) { gsub(/`/, "", allowed); return "choice:" allowed }
  sub(/^"", /, "", allowed)
  if (sub(/^list of one or more of /, "", allowed)) return "list:" key_words(allowed)
  list = key_words(allowed)
  return list != "" ? "choice:" list : "text"
}
function key_words(allowed) {
  if (allowed !~ /^[a-z0-9_]+(, [a-z0-9_]+)+$/) return ""
  gsub(/, /, ",", allowed)
  return allowed
}

# Boost sets all descriptions of a command in one column: that of "this text", which --help says of itself.
function flush_options(    i, column, line, label, text) {
  for (i = 1; i <= held; i++)
    if (hold[i] ~ /--help \] +this text$/) column = index(hold[i], "this text")
  for (i = 1; i <= held; i++) {
    line = hold[i]
    if (line ~ /^  -/) {
      if (label != "") print_option(label, text)
      text = length(line) < column || substr(line, column - 1, 1) == " " ? trim(substr(line, column)) : ""
      label = trim(text == "" ? line : substr(line, 1, column - 1))
    } else {
      text = (text == "" ? "" : text " ") trim(line)
    }
  }
  if (label != "") print_option(label, text)
  held = 0
}
function print_option(label, text,    short, name, standard) {
  short = ""
  if (label ~ /^-[a-zA-Z] \[ --/) {
    short = substr(label, 2, 1)
    sub(/^-[a-zA-Z] \[ /, "", label)
    sub(/ \]/, "", label)
  }
  standard = ""
  if (match(label, / \(=.*\)$/)) {
    standard = substr(label, RSTART + 3, RLENGTH - 4)
    label = substr(label, 1, RSTART - 1)
  }
  name = label
  sub(/ .*/, "", name)
  label = trim(substr(label, length(name) + 1))
  name = substr(name, 3)
  print "option", command, name, short, label, standard, option_kind(name, label, text), text
}

# What stands without a dash, from the lines of usage; `run` takes a study too, as its text says.
function flush_takes(    kinds) {
  if (usage ~ / GRID\.yaml/) kinds = kinds " grid"
  if (usage ~ / CASE\.h5/) kinds = kinds " golden"
  if (usage ~ / STUDY[\/[]/) kinds = kinds " trial"
  else if (usage ~ / STUDY/ || said ~ /Instead of a grid a study may be named/) kinds = kinds " study"
  if (usage ~ / FOLDER/) kinds = kinds " folder"
  print "takes", command, trim(kinds)
}
function finish() {
  flush_options()
  if (command != "") flush_takes()
  command = ""
}

/^@/ { finish(); split($0, word, " "); part = substr(word[1], 2); state = ""; usage = said = "" }
/^@command / { command = word[2]; state = "usage"; next }
/^@/ { next }

part == "version" { print "version", $0 }
part == "general" && !titled++ { sub(/^.*\[options\] +/, ""); print "title", $0; next }
part == "general" && /^[A-Z][a-z]+:$/ { state = $0; next }
part == "general" && /^Exit status: / {
  sub(/^Exit status: /, ""); sub(/\.$/, "")
  while (match($0, /, [0-9]+ /)) { status($0, RSTART - 1); $0 = substr($0, RSTART + 2) }
  status($0, length($0))
  next
}
function status(text, end,    n) { text = substr(text, 1, end); n = text; sub(/ .*/, "", n); print "status", n, substr(text, length(n) + 2) }
part == "general" && /^  [^ ]/ {
  name = trim($0); sub(/ .*/, "", name)
  print state == "Environment:" ? "variable" : state == "Files:" ? "file" : "command", name, trim(substr(trim($0), length(name) + 1))
  next
}
part == "general" && NF { print "line", $0 }

part == "command" && state == "usage" && NF { print "usage", command, $0; usage = usage " " $0 "\n"; next }
part == "command" && state == "usage" { state = "text"; next }
part == "command" && /^Options:$/ { state = "options"; next }
part == "command" && /^Examples?:?$/ { flush_options(); state = "examples"; next }
part == "command" && state == "options" && NF { hold[++held] = $0; next }
part == "command" && state == "examples" && NF { print "example", command, trim($0); next }
part == "command" { if (state == "examples") state = "text"; said = said $0 "\n"; print "text", command, $0 }

part == "keys" && /^  [^ ]/ { name = trim($0); sub(/:? .*/, "", name); standard = trim($0); if (!sub(/^[^ ]*: /, "", standard)) standard = ""; state = "key"; next }
part == "keys" && state == "key" { text = trim($0); state = "allowed"; next }
part == "keys" && state == "allowed" { print "key", name, standard, text, trim($0), key_kind(name, text, trim($0)); state = ""; next }
part == "transforms" && /^transform  / { state = "rows"; next }
part == "transforms" && !NF { state = "" }
part == "transforms" && state == "rows" { print "transform", substr($0, 1, index($0, " ") - 1) }
END { finish() }
