import { KerutaError, type Text } from "@keruta/shared/domain";

const key = "keruta.job.template";

/** `fact` goes on from the setting's name and the path: "is not a list". */
export function templateError(path: string, fact: Text, hint: Text = correctIt): KerutaError {
  const place = path === "" ? { en: "", ja: "" } : { en: `: ${path}`, ja: `の ${path} ` };
  return new KerutaError(
    "KRT_SETTING_INVALID",
    { en: `The setting ${key}${place.en} ${fact.en}.`, ja: `設定 ${key} ${place.ja}${fact.ja}。` },
    { hint, details: { key, path } },
  );
}

const correctIt: Text = {
  en: `Correct it with \`keruta settings set ${key}\`, or remove it with \`keruta settings unset ${key}\`.`,
  ja: `\`keruta settings set ${key}\` で直すか、\`keruta settings unset ${key}\` で削除してください。`,
};
