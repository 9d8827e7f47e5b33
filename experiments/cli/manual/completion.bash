
# Offers words with what stands before the part that they complete: _tubal_offer LEAD PART WORD...
_tubal_offer() {
  local lead=$1 part=$2 word
  shift 2
  for word in "$@"; do [[ $word != "$part"* ]] || COMPREPLY+=("$lead$word"); done
}

# Names of the studies in folder $2, or of the trials of study $3 there (`$3` may be its folder or grid file).
_tubal_folders() {
  local folder at=$2 have=plan.yaml
  if [[ $1 == trials ]]; then
    local study=$3
    if [[ $study == *.y*ml && -r $study ]]; then  # a grid names its study, or its file does
      study=$(sed -n 's/^study: *\([^ #]*\).*/\1/p' "$3")
      [[ $study != '' ]] || { study=${3##*/}; study=${study%.y*ml}; }
    fi
    have=config.yaml
    [[ -e $study/plan.yaml ]] && at=$study/trials || at=$2/$study/trials
  fi
  for folder in "$at"/*/; do
    folder=${folder%/}
    [[ ! -e $folder/$have ]] || printf '%s\n' "${folder##*/}"
  done
}

_tubal_files() {  # LEAD PART SUFFIX ("": any file; /: folders alone)
  local lead=$1 part=$2 suffix=$3 file
  compopt -o filenames 2>/dev/null
  while IFS= read -r file; do
    if [[ -d $file || ($suffix != / && ($suffix == '' || $file =~ \.($suffix)$)) ]]; then COMPREPLY+=("$lead$file"); fi
  done < <(compgen -f -- "$part")
}

# What completes `part`, a value of this kind: _tubal_values KIND LEAD PART STUDIES STUDY
_tubal_values() {
  local kind=$1 lead=$2 part=$3 studies=$4 study=$5 key base list names
  case $kind in
    choice:*) list=${kind#*:}; _tubal_offer "$lead" "$part" ${list//,/ } ;;
    list:*) list=${kind#*:}; base=; [[ $part != *,* ]] || base=${part%,*},
      _tubal_offer "$lead$base" "${part##*,}" ${list//,/ } ;;
    transform) _tubal_offer "$lead" "$part" ${_tubal_transforms//,/ } ;;
    setting | axis)
      if [[ $part != *=* ]]; then
        compopt -o nospace 2>/dev/null
        _tubal_offer "$lead" "$part" $_tubal_keys
      else
        key=${part%%=*} part=${part#*=} base=
        list=$(_tubal_key_kind "$key")
        if [[ $kind == axis ]]; then
          [[ $list != list:* ]] || return
          [[ $part != *,* ]] || base=${part%,*},
        fi
        _tubal_values "$list" "$lead$key=$base" "${part#"$base"}" "$studies" "$study"
      fi ;;
    folder) _tubal_files "$lead" "$part" / ;;
    file) _tubal_files "$lead" "$part" '' ;;
    file:*) _tubal_files "$lead" "$part" "${kind#*:}" ;;
    grid) _tubal_files "$lead" "$part" 'ya?ml' ;;
    golden) _tubal_files "$lead" "$part" h5 ;;
    study)
      mapfile -t names < <(_tubal_folders studies "$studies")
      _tubal_offer "$lead" "$part" "${names[@]}"
      ((${#COMPREPLY[@]})) || _tubal_files "$lead" "$part" / ;;
    trial)
      if [[ $study != '' ]]; then
        mapfile -t names < <(_tubal_folders trials "$studies" "$study")
        _tubal_offer "$lead" "$part" "${names[@]}"
      elif [[ $part == */* && (-e ${part%/*}/plan.yaml || -e $studies/${part%/*}/plan.yaml) ]]; then
        mapfile -t names < <(_tubal_folders trials "$studies" "${part%/*}")
        _tubal_offer "$lead${part%/*}/" "${part##*/}" "${names[@]}"
      else
        compopt -o nospace 2>/dev/null
        mapfile -t names < <(_tubal_folders studies "$studies")
        _tubal_offer "$lead" "$part" "${names[@]/%//}"
        ((${#COMPREPLY[@]})) || _tubal_files "$lead" "$part" /
      fi ;;
  esac
}

_tubal() {
  # Words as the program gets them: bash breaks them at = and : as well, which `--set model.p=4` holds.
  local -a words=()
  local rest=${COMP_LINE:0:COMP_POINT} gap i
  for ((i = 0; i <= COMP_CWORD; ++i)); do
    gap=${rest%%[![:blank:]]*}
    rest=${rest#"$gap"}
    local piece=${COMP_WORDS[i]}
    ((i < COMP_CWORD)) || piece=$rest
    if [[ $i == 0 || $gap != '' ]]; then words+=("$piece"); else words[-1]+=$piece; fi
    rest=${rest:${#piece}}
  done
  local count=${#words[@]} current=${words[-1]} command=${words[1]} studies=studies study= kind lead= part
  COMPREPLY=()
  if ((count <= 2)); then
    _tubal_offer '' "$current" $_tubal_commands --help --version
    return
  fi
  for ((i = 2; i < count - 1; ++i)); do
    case ${words[i]} in
      --studies) studies=${words[i + 1]}; ((++i)) ;;
      --studies=*) studies=${words[i]#*=} ;;
      --*=*) ;;
      -*) kind=$(_tubal_kind "$command" "${words[i]}"); [[ $kind == '' || $kind == flag ]] || ((++i)) ;;
      *) study=${words[i]} ;;
    esac
  done
  studies=${studies/#\~/$HOME}

  part=$current
  kind=$(_tubal_kind "$command" "${words[count - 2]}")
  if [[ $current == --*=* ]]; then
    lead=${current%%=*}= part=${current#*=}
    _tubal_values "$(_tubal_kind "$command" "${lead%=}")" "$lead" "$part" "$studies" "$study"
  elif [[ $kind != '' && $kind != flag ]]; then
    _tubal_values "$kind" '' "$part" "$studies" "$study"
  elif [[ $current == -* ]]; then
    _tubal_offer '' "$current" $(_tubal_options "$command")
  elif [[ $study == '' || $command == verify ]]; then
    for kind in $(_tubal_takes "$command"); do _tubal_values "$kind" '' "$part" "$studies" ''; done
  fi

  # Readline replaces what follows the last break alone.
  local before=
  [[ $COMP_WORDBREAKS != *=* || $current != *=* ]] || before=${current%"${current##*=}"}
  [[ $COMP_WORDBREAKS != *:* || $current != *:* ]] || { i=${current%"${current##*:}"}; ((${#i} <= ${#before})) || before=$i; }
  for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$before"}; done
}
complete -F _tubal tubal
