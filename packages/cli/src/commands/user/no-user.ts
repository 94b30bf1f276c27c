import { KerutaError } from "@keruta/shared/domain";

export function noUser(name: string): KerutaError {
  return new KerutaError(
    "KRT_SERVER_NOT_FOUND",
    { en: `There is no user "${name}".`, ja: `ユーザー「${name}」はいません。` },
    {
      hint: { en: "List them with `keruta user list`.", ja: "`keruta user list` で一覧できます。" },
      details: { name },
    },
  );
}
