import { codeOf, KerutaError, type Text } from "@keruta/shared/domain";

const words: Readonly<Record<string, Text>> = {
  ENOENT: { en: "there is no such file or directory", ja: "ファイルまたはディレクトリがありません" },
  EISDIR: { en: "it is a directory", ja: "ディレクトリです" },
  ENOTDIR: { en: "a part of the path is not a directory", ja: "パスの途中がディレクトリではありません" },
  EACCES: { en: "permission is denied", ja: "権限がありません" },
  EPERM: { en: "permission is denied", ja: "権限がありません" },
  EROFS: { en: "the file system is read-only", ja: "ファイルシステムが読み取り専用です" },
  ENOSPC: { en: "the disk is full", ja: "ディスクの空きがありません" },
  EDQUOT: { en: "the disk quota is used up", ja: "ディスクのクォータを使い切りました" },
  EFBIG: { en: "the file would be too large", ja: "ファイルが大きすぎます" },
  ENAMETOOLONG: { en: "the name is too long", ja: "名前が長すぎます" },
  ELOOP: { en: "it is a symbolic link", ja: "シンボリックリンクです" },
};

/** As the system has them; Node's own begin with `ERR_`. */
const systemCode = /^E[A-Z0-9]+$/;

/** The file system's refusal as a sentence; anything that is not one is passed on as it is. */
export function fileError(error: unknown, access: "read" | "write", path: string): unknown {
  const code = codeOf(error);
  if (code === undefined || !systemCode.test(code)) return error;
  const why = words[code] ?? { en: code, ja: code };
  const details = { path, errno: code };
  return access === "read"
    ? new KerutaError(
        "KRT_FILE_UNREADABLE",
        { en: `${path} cannot be read: ${why.en}.`, ja: `${path} を読み込めません: ${why.ja}。` },
        {
          hint: { en: "Check the path and its permissions.", ja: "パスと権限を確認してください。" },
          cause: error,
          details,
        },
      )
    : new KerutaError(
        "KRT_FILE_UNWRITABLE",
        { en: `${path} cannot be written: ${why.en}.`, ja: `${path} に書き込めません: ${why.ja}。` },
        {
          hint: {
            en: "Choose another place, or make room there.",
            ja: "別の場所を指定するか、空きを作ってください。",
          },
          cause: error,
          details,
        },
      );
}
