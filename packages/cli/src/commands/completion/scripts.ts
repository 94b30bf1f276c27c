export const shells = ["bash", "zsh", "fish", "powershell"] as const;
export type Shell = (typeof shells)[number];

export function isShell(text: string): text is Shell {
  return shells.some((shell) => shell === text);
}

/**
 * Each hands the words up to the cursor to `keruta __complete` and reads lines of `value TAB description`.
 * With no line, each completes file names.
 */
export const completionScripts: Readonly<Record<Shell, string>> = {
  // Bash breaks words at `=`, `@` and `:` too: what stands together in the line is joined, and of what is found only the
  // part behind the last break is put there, or from an `@` on, which a word may begin with.
  bash: `_keruta() {
  local line word prefix breaks words=() left=\${COMP_LINE:0:COMP_POINT}
  local -i at
  for ((at = 0; at <= COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if ((at > 0)) && [[ $left != [[:space:]]* ]]; then
      words[\${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    left=\${left#"\${left%%[![:space:]]*}"}
    left=\${left#"$word"}
  done
  word=\${words[\${#words[@]}-1]}
  breaks=\${COMP_WORDBREAKS//[^=:]/}
  [[ -n $breaks ]] && prefix=\${word%"\${word##*[$breaks]}"}
  [[ $COMP_WORDBREAKS == *@* && \${word#"$prefix"} == *@* ]] && prefix=\${word%@*}
  COMPREPLY=()
  while IFS= read -r line; do
    line=\${line%%$'\\t'*}
    COMPREPLY+=("\${line#"$prefix"}")
  done < <(keruta __complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -o default -F _keruta keruta
`,
  zsh: `#compdef keruta
_keruta() {
  local line value description
  local -a candidates
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    description=\${line#*$'\\t'}
    candidates+=("\${value//:/\\\\:}:\${description}")
  done < <(keruta __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#candidates} )); then
    _describe -V keruta candidates
  else
    _files
  fi
}
if [ "$funcstack[1]" = "_keruta" ]; then _keruta "$@"; else compdef _keruta keruta; fi
`,
  fish: `function __keruta_complete
  set -l typed (commandline -ct)
  set -l words (commandline -opc)[2..-1] "$typed"
  set -l found (keruta __complete -- $words 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path "$typed"
  end
end
complete -c keruta -f -a '(__keruta_complete)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName keruta -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { "$_" })
  if ($wordToComplete -eq '') { $words += '' }
  & keruta __complete -- @words 2>$null | ForEach-Object {
    $value, $description = $_ -split "\`t", 2
    if (-not $description) { $description = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
  }
}
`,
};
