import { KerutaError, type Text } from "@keruta/shared/domain";

const defaultHint: Text = {
  en: "Repair it (kubectl config view shows what kubectl makes of it), or give another one with --kubeconfig.",
  ja: "修正するか（kubectl config view で内容を確認できます）、--kubeconfig で別のファイルを指定してください。",
};

/** `what` follows "The kubeconfig PATH cannot be used:" and has no full stop. */
export function invalidKubeconfig(
  path: string,
  what: Text,
  options: { readonly hint?: Text; readonly cause?: unknown } = {},
): KerutaError {
  return new KerutaError(
    "KRT_KUBECONFIG_INVALID",
    {
      en: `The kubeconfig ${path} cannot be used: ${what.en}.`,
      ja: `kubeconfig ${path} を使用できません: ${what.ja}`,
    },
    { hint: options.hint ?? defaultHint, ...(options.cause === undefined ? {} : { cause: options.cause }) },
  );
}
