import { KerutaError, parseBytes, parseDuration, type Text } from "@keruta/shared/domain";

export const helpText = `Usage:
  keruta-agent run --task-id ID [options] [-- COMMAND…]   run a task's command and report on it
  keruta-agent collect [options]                          write artifacts to stdout as a tar stream
  keruta-agent clone --url URL --path DIR [options]       make DIR a clone of a git repository
  keruta-agent resolve NAME                               the addresses of a name; 3 where it has none

In the sidecar of a task's Pod:
  keruta-agent install DIR [--run-dir DIR]                put the agent where the other containers find it
  keruta-agent sidecar [options]                          keep log and artifacts until a driver has them
  keruta-agent stop                                       stop the command
  keruta-agent spool [--from SEQUENCE]                    the log after SEQUENCE, as frames
  keruta-agent result                                     the agent's report; 3 where there is none
  keruta-agent acknowledge                                the driver has all that it wanted

Inside a task:
  keruta-agent progress PERCENT [MESSAGE]
  keruta-agent artifact PATH
  keruta-agent log DEBUG|INFO|WARN|ERROR TEXT
  keruta-agent output NAME VALUE

keruta-agent COMMAND --help lists the options of a command.
`;

export function usageError(text: Text): KerutaError {
  return new KerutaError("KRT_USAGE", text, {
    hint: {
      en: "Run `keruta-agent --help` for what there is.",
      ja: "使い方は `keruta-agent --help` で確認できます。",
    },
  });
}

/** Runs `parse`, whose TypeError for an unknown or incomplete option becomes a usage error. */
export function parsing<Parsed>(parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith("ERR_PARSE_ARGS_") !== true) throw error;
    const [sentence = message] = message.split(". ");
    throw usageError({ en: `${sentence}.`, ja: `引数が正しくありません: ${sentence}` });
  }
}

/** Milliseconds. */
export function durationOption(name: string, value: string): number {
  return parsed(name, value, parseDuration(value), "30s, 5m, 1h30m");
}

export function bytesOption(name: string, value: string): number {
  return parsed(name, value, parseBytes(value), "1048576, 100Mi, 1Gi");
}

export function countOption(name: string, value: string): number {
  return parsed(name, value, /^\d{1,9}$/.test(value) ? Number(value) : undefined, "0, 5, 100");
}

/** Null where there is none or an empty one. */
export function urlOption(name: string, value: string | undefined): string | null {
  if (value === undefined || value === "") return null;
  return parsed(
    name,
    value,
    /^https?:/.test(value) && URL.canParse(value) ? value : undefined,
    "http://keruta-api:8080",
  );
}

export function choiceOption<Choice extends string>(
  name: string,
  value: string,
  choices: readonly Choice[],
): Choice {
  return parsed(
    name,
    value,
    choices.find((choice) => choice === value),
    choices.join(", "),
  );
}

export function requiredOption(name: string, value: string | undefined): string {
  if (value !== undefined && value !== "") return value;
  throw usageError({ en: `--${name} is missing.`, ja: `--${name} がありません。` });
}

function parsed<Value>(name: string, text: string, value: Value | undefined, samples: string): Value {
  if (value !== undefined) return value;
  throw usageError({
    en: `--${name} cannot be "${text}"; it is for example ${samples}.`,
    ja: `--${name} に「${text}」は指定できません。例: ${samples}`,
  });
}
