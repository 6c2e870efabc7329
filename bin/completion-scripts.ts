// What each shell has to be told so that it asks kwota itself what may come next: short, and the same for every version.
// `complete` answers with a line for each candidate (the word, a tab, what it means), or with `:files` or `:folders`.

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/** bash takes `:` and `=` for the end of a word: what stands before them is cut off the candidates. */
const bash = `# Completion of kwota in bash. Now:      eval "$(kwota completion bash)"
# For good:  kwota completion bash > ~/.local/share/bash-completion/completions/kwota
_kwota() {
  local typed="\${COMP_LINE:0:COMP_POINT}" word answer line
  local -a words
  read -r -a words <<< "$typed"
  [[ $typed == *[[:space:]] ]] && words+=('')
  word="\${words[\${#words[@]}-1]}"
  answer="$("\${COMP_WORDS[0]}" complete -- "\${words[@]:1}" 2> /dev/null)"
  COMPREPLY=()
  case $answer in
    :files) compopt -o default 2> /dev/null; return ;;
    :folders) compopt -o dirnames 2> /dev/null; return ;;
  esac
  while IFS=$'\\t' read -r line _; do
    [[ -n $line ]] || continue
    printf -v line %q "$line"
    COMPREPLY+=("\${line#"\${word%"\${word##*[:=]}"}"}")
  done <<< "$answer"
}
complete -F _kwota kwota
`;

const zsh = `#compdef kwota
# Completion of kwota in zsh. Now:       source <(kwota completion zsh)
# For good:  kwota completion zsh > "\${fpath[1]}/_kwota"
_kwota() {
  local answer line word meaning
  local -a candidates
  answer="$("\${(Q)words[1]}" complete -- "\${(@Q)words[2,CURRENT]}" 2> /dev/null)"
  case $answer in
    :files) _files; return ;;
    :folders) _files -/; return ;;
  esac
  for line in "\${(@f)answer}"; do
    word=\${line%%$'\\t'*} meaning=\${line#*$'\\t'}
    [[ -n $word ]] && candidates+=("\${word//:/\\\\:}\${meaning:+:$meaning}")
  done
  _describe kwota candidates
}
if [[ \${funcstack[1]} == _kwota ]]; then _kwota "$@"; else compdef _kwota kwota; fi
`;

const fish = `# Completion of kwota in fish. Now:      kwota completion fish | source
# For good:  kwota completion fish > ~/.config/fish/completions/kwota.fish
function __kwota_complete
  set -l words (commandline -opc)
  set -l answer ($words[1] complete -- $words[2..] (commandline -ct) 2> /dev/null)
  switch "$answer[1]"
    case :files
      __fish_complete_path (commandline -ct)
    case :folders
      __fish_complete_directories (commandline -ct)
    case '*'
      printf '%s\\n' $answer
  end
end
complete -c kwota -f -a '(__kwota_complete)'
`;

/** Windows PowerShell passes no empty argument on, so an option says that a new word is begun. */
const powershell = `# Completion of kwota in PowerShell. Now:  kwota completion powershell | Out-String | Invoke-Expression
# For good, add that line to the file that $PROFILE names.
Register-ArgumentCompleter -Native -CommandName kwota, kwota.exe -ScriptBlock {
  param($word, $line, $position)
  $words = @($line.CommandElements | Where-Object { $_.Extent.StartOffset -lt $position } | ForEach-Object { "$_" })
  $begun = @(if ($word -eq '') { '--new-word' })
  $answer = @(& $words[0] complete @begun '--' @($words | Select-Object -Skip 1) 2> $null)
  if ($answer.Count -eq 1 -and $answer[0].StartsWith(':')) { return }
  foreach ($candidate in $answer) {
    $value, $meaning = $candidate -split "\`t", 2
    if (-not $meaning) { $meaning = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $meaning)
  }
}
`;

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish, powershell };

/** To be read by the shell. */
export function completionScript(shell: Shell): string {
  return scripts[shell];
}
