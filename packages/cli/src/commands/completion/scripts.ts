export const shells = ["bash", "zsh", "fish", "powershell"] as const;
export type Shell = (typeof shells)[number];

export function isShell(text: string): text is Shell {
  return shells.some((shell) => shell === text);
}

/**
 * Each hands the words up to the cursor to `keruta __complete` and reads lines of `value TAB description`.
 * With no line, bash, zsh and PowerShell complete file names.
 */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `_keruta() {
  local line words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(keruta __complete -- "\${words[@]}" 2>/dev/null)
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
  set -l words (commandline -opc) (commandline -ct)
  keruta __complete -- $words[2..-1] 2>/dev/null
end
complete -c keruta -f -a '(__keruta_complete)'
complete -c keruta -n 'string match -qr -- "^(-f|--file|--to|--dir|--config|--kubeconfig)$" (commandline -opc)[-1]' -F
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
