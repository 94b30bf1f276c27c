import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { KerutaError, passwordLength } from "@keruta/shared/domain";
import type { OptionDefinition } from "../../command-line/command.ts";
import type { Context } from "../../context/context.ts";
import { usageError } from "../../errors/usage.ts";
import { fileError } from "../../files/file-error.ts";
import { askTwice } from "./ask-twice.ts";
import { firstLineOf } from "./first-line.ts";

/** Never the password itself: other users of the machine can read a command line. */
export interface PasswordFlags {
  readonly passwordStdin?: boolean;
  readonly passwordFile?: string;
}

export const passwordOptions: readonly OptionDefinition[] = [
  {
    flags: "--password-stdin",
    text: {
      en: "read the password from stdin, its first line, instead of asking",
      ja: "パスワードを尋ねず、標準入力の 1 行目から読む",
    },
  },
  {
    flags: "--password-file <file>",
    text: {
      en: "read it from the first line of a file that nobody else may read",
      ja: "本人だけが読めるファイルの 1 行目から読む",
    },
  },
];

/** As the server takes it. Throws KRT_USAGE where there is none, or of a length that is not allowed. */
export async function newPassword(context: Context, flags: PasswordFlags): Promise<string> {
  const password = await givenPassword(context, flags);
  const { min, max } = passwordLength;
  if (password.length >= min && password.length <= max) return password;
  throw usageError(
    {
      en: `The password has ${String(password.length)} characters; it must have ${String(min)} to ${String(max)}.`,
      ja: `パスワードは ${String(min)} ～ ${String(max)} 文字です（指定は ${String(password.length)} 文字）。`,
    },
    { en: "Choose another one.", ja: "別のパスワードにしてください。" },
  );
}

async function givenPassword(context: Context, flags: PasswordFlags): Promise<string> {
  const { passwordStdin: fromStdin = false, passwordFile: file } = flags;
  if (fromStdin && file !== undefined) {
    throw usageError({
      en: "--password-stdin and --password-file exclude each other.",
      ja: "--password-stdin と --password-file は同時に指定できません。",
    });
  }
  if (file !== undefined) return await passwordIn(context, file);
  const { stdin } = context.io;
  if (stdin.isTTY) return await askTwice(context);
  if (fromStdin) return await firstLineOf(stdin.chunks(), "<stdin>");
  throw usageError(
    {
      en: "There is no terminal to ask for the password on.",
      ja: "パスワードを尋ねる端末がありません。",
    },
    {
      en: "Give it with --password-stdin or --password-file FILE.",
      ja: "--password-stdin または --password-file FILE で渡してください。",
    },
  );
}

async function passwordIn({ directory }: Context, file: string): Promise<string> {
  const opened = await open(resolve(directory, file)).catch((error: unknown) => {
    throw fileError(error, "read", file);
  });
  try {
    const { mode } = await opened.stat();
    if ((mode & 0o077) !== 0) throw readByOthers(file, mode);
    return await firstLineOf(opened.createReadStream({ autoClose: false }), file);
  } catch (error) {
    throw fileError(error, "read", file);
  } finally {
    await opened.close();
  }
}

function readByOthers(file: string, mode: number): KerutaError {
  const shown = `0${(mode & 0o777).toString(8)}`;
  return new KerutaError(
    "KRT_FILE_UNREADABLE",
    {
      en: `${file} may be read by other users (mode ${shown}), and is not used.`,
      ja: `${file} はほかの利用者にも読めるため（モード ${shown}）、使いません。`,
    },
    {
      hint: { en: `Run \`chmod 600 ${file}\`.`, ja: `\`chmod 600 ${file}\` を実行してください。` },
      details: { path: file },
    },
  );
}
