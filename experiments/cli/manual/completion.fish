
# Whether the command is still to come, or is this one.
function __tubal_first
    test (count (commandline -opc)) -eq 1
end
function __tubal_in
    set -l words (commandline -opc)
    test (count $words) -ge 2 -a "$words[2]" = "$argv[1]"
end

function __tubal_studies_folder
    set -l words (commandline -opc)
    set -l folder studies
    for i in (seq (count $words))
        switch $words[$i]
            case --studies
                set -q words[(math $i + 1)]; and set folder $words[(math $i + 1)]
            case '--studies=*'
                set folder (string replace -- --studies= '' $words[$i])
        end
    end
    string replace -r '^~(?=/|$)' $HOME -- $folder
end

# Names of the folders in the first argument that hold the file of the second.
function __tubal_folders
    for folder in $argv[1]/*/
        test -e $folder/$argv[2]; and path basename -- $folder
    end
end

function __tubal_studies
    __tubal_folders (__tubal_studies_folder) plan.yaml
    __fish_complete_directories
end

# STUDY/TRIAL, once the study is written; until then the studies.
function __tubal_named_trials
    set -l studies (__tubal_studies_folder)
    set -l study (string replace -r '/[^/]*$' '' -- (commandline -ct))
    if string match -q '*/*' -- (commandline -ct)
        set -l at $studies/$study
        test -e $study/plan.yaml; and set at $study
        for trial in (__tubal_folders $at/trials config.yaml)
            echo $study/$trial
        end
    else
        for study in (__tubal_folders $studies plan.yaml)
            echo $study/
        end
    end
    __fish_complete_directories
end

# Trials of the study, or of the grid's study, that is on the line.
function __tubal_trials
    set -l studies (__tubal_studies_folder)
    for study in (commandline -opc)[3..-1]
        if string match -qr '\.ya?ml$' -- $study; and test -r $study
            set -l file $study
            set study (string match -rg '^study: *([^ #]+)' <$file)
            test -n "$study"; or set study (path change-extension '' -- (path basename -- $file))
        end
        set -l at $studies/$study
        test -e $study/plan.yaml; and set at $study
        test -e $at/plan.yaml; and __tubal_folders $at/trials config.yaml
    end
end

# KEY= until the key is written, then KEY=VALUE; of an axis also after each comma.
function __tubal_setting
    set -l word (string replace -r -- '^--(set|sweep)=' '' (commandline -ct))
    if not string match -q '*=*' -- $word
        __tubal_keys
        return
    end
    set -l key (string replace -r '=.*' '' -- $word)
    set -l before $key=
    if string match -q '*,*' -- $word
        set before (string replace -r '[^,]*$' '' -- $word)
    end
    for value in (__tubal_key_values $key)
        echo $before$value
    end
end
