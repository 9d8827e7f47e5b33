
# Names of the studies in a folder, or of a study's trials: _tubal_folders FOLDER FILE, FILE being what each of them has.
_tubal_folders() {
  local folder
  reply=()
  for folder in $1/*(N-/); do
    [[ ! -e $folder/$2 ]] || reply+=(${folder:t})
  done
}

# Completes the value of an option, or the word without a dash, of these kinds (describe.awk says which there are).
_tubal_value() {
  local kind studies=${~opt_args[--studies]:-studies} key study at found=1
  local -a reply
  for kind in ${@:#-*}; do
    case $kind in
      choice=*) compadd - ${(s:,:)kind#*=} && found=0 ;;
      list=*) _values -s , value ${(s:,:)kind#*=} && found=0 ;;
      transform) compadd - ${(s:,:)_tubal_transforms} && found=0 ;;
      setting | axis)
        if compset -P 1 '*='; then
          key=${${IPREFIX%=}##*=}
          at=$(_tubal_key_kind "$key")
          if [[ $kind == axis ]]; then
            [[ $at != list:* ]] || continue
            compset -P '*,'
          fi
          [[ $at == '' ]] || { _tubal_value "${at/:/=}" && found=0; }
        else
          compadd -S '' - ${=_tubal_keys} && found=0
        fi ;;
      folder) _files -/ && found=0 ;;
      file) _files && found=0 ;;
      file=*) _files -g "*.${kind#*=}(-.)" && found=0 ;;
      grid) _files -g '*.(yaml|yml)(-.)' && found=0 ;;
      golden) _files -g '*.h5(-.)' && found=0 ;;
      study)
        _tubal_folders $studies plan.yaml
        compadd -a reply && found=0 || { _files -/ && found=0; } ;;
      trial)
        if [[ $PREFIX == */* ]]; then
          study=${PREFIX%/*}
          [[ -e $study/plan.yaml ]] && at=$study || at=$studies/$study
          if [[ -e $at/plan.yaml ]] && compset -P '*/'; then
            _tubal_folders $at/trials config.yaml
            compadd -a reply && found=0
            continue
          fi
        fi
        if [[ -n ${_tubal_word} ]]; then
          study=$_tubal_word
          if [[ $study == *.y*ml && -r $study ]]; then  # a grid names its study, or its file does
            study=$(sed -n 's/^study: *\([^ #]*\).*/\1/p' $study)
            [[ -n $study ]] || study=${_tubal_word:t:r}
          fi
          [[ -e $study/plan.yaml ]] && at=$study || at=$studies/$study
          _tubal_folders $at/trials config.yaml
          compadd -a reply && found=0
        else
          _tubal_folders $studies plan.yaml
          compadd -S / -a reply && found=0 || { _files -/ && found=0; }
        fi ;;
    esac
  done
  return found
}

_tubal() {
  local curcontext=$curcontext state line _tubal_word='' i
  typeset -A opt_args
  local -a specs
  _arguments -C '(- *)'{-h,--help}'[what there is]' '(- *)--version[the build]' '1:command:->command' '*::word:->word' && return
  case $state in
    command) _describe -t commands 'tubal command' _tubal_described ;;
    word)
      # The study or grid on the line, for options that name its trials.
      for ((i = 2; i < CURRENT; ++i)); do
        case $words[i] in
          --*=*) ;;
          -*) [[ $(_tubal_kind $words[1] $words[i]) == (|flag) ]] || ((++i)) ;;
          *) _tubal_word=$words[i] ;;
        esac
      done
      _tubal_specs $words[1]
      _arguments $specs ;;
  esac
}
[[ $funcstack[1] != _tubal ]] || _tubal "$@"
