# Answers of tubal's completion: the command line up to the cursor on each line of standard input, its words on one line.
# The words are cut as readline cuts them, at blanks and at what COMP_WORDBREAKS holds.
source "$1"
[[ $(complete -p tubal) == 'complete -F _tubal tubal' ]] || { echo "complete -p: $(complete -p tubal)"; exit 1; }
while IFS= read -r line; do
  IFS=' ' read -ra COMP_WORDS <<<"$(sed 's/[=:]/ & /g' <<<"$line")"
  [[ $line != *' ' ]] || COMP_WORDS+=('')
  COMP_LINE=$line COMP_POINT=${#line} COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
  _tubal 2>&1
  printf '%s ' "${COMPREPLY[@]}"
  echo
done
