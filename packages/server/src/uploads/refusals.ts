import { KerutaError, type Text } from "@keruta/shared/domain";
import type { Place } from "./reception.ts";

const beginAgain: Text = {
  en: "POST to the same address tells where to go on.",
  ja: "同じアドレスへの POST で、続きの位置を確認できます。",
};

export function cutShort(): KerutaError {
  return new KerutaError(
    "KRT_ARTIFACT_STREAM",
    {
      en: "The stream of artifacts ended before its trailer.",
      ja: "成果物のストリームがトレーラーの前で終わりました。",
    },
    { hint: beginAgain },
  );
}

export function notWaitedFor({ from, offset }: Place): KerutaError {
  const place = [String(from), String(offset)] as const;
  return new KerutaError(
    "KRT_ARTIFACT_STREAM",
    {
      en: `No stream is waited for that begins after ${place[0]} files and ${place[1]} bytes.`,
      ja: `${place[0]} ファイルと ${place[1]} バイトの後から始まるストリームは待っていません。`,
    },
    { hint: beginAgain, details: { from, offset } },
  );
}

export function otherTransport(transport: string): KerutaError {
  return new KerutaError(
    "KRT_STATUS_CONFLICT",
    {
      en: `Artifacts are not uploaded here: the setting keruta.artifacts.transport is ${transport}.`,
      ja: `成果物のアップロードは受け付けていません（設定 keruta.artifacts.transport は ${transport} です）。`,
    },
    {
      hint: {
        en: "`keruta settings set artifacts.transport api` stores it for drivers and servers alike.",
        ja: "`keruta settings set artifacts.transport api` で、ドライバーとサーバーの両方に設定されます。",
      },
      details: { transport },
    },
  );
}
