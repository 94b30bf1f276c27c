import { dictionary } from "../language/dictionary.ts";

export const words = dictionary({
  openOf: (title: string) => ({ en: `Logs of ${title}`, ja: `ログ: ${title}` }),
  title: { en: "Logs", ja: "ログ" },
  filters: { en: "What is shown", ja: "表示条件" },
  attempt: { en: "Attempt", ja: "試行" },
  level: { en: "Level", ja: "レベル" },
  allLevels: { en: "All", ja: "すべて" },
  andAbove: (level: string) => ({ en: `${level} and above`, ja: `${level} 以上` }),
  stream: { en: "Stream", ja: "ストリーム" },
  bothStreams: { en: "Both", ja: "両方" },
  keyword: { en: "Keyword", ja: "キーワード" },
  search: { en: "Search", ja: "検索" },
  encoding: { en: "Encoding", ja: "文字コード" },
  timestamps: { en: "Times", ja: "時刻" },
  wrap: { en: "Wrap lines", ja: "折り返し" },
  follow: { en: "Follow", ja: "追従" },
  toStart: { en: "To the beginning", ja: "先頭へ" },
  toEnd: { en: "To the end", ja: "末尾へ" },
  line: { en: "Line", ja: "行番号" },
  go: { en: "Go", ja: "移動" },
  download: { en: "Download", ja: "ダウンロード" },
  newLines: (n: number) => ({
    en: n === 1 ? "1 new line" : `${String(n)} new lines`,
    ja: `新しい行 ${String(n)} 件`,
  }),
  live: { en: "Live", ja: "ライブ" },
  connecting: { en: "Connecting…", ja: "接続中…" },
  waiting: {
    en: "Disconnected, trying again; nothing is lost.",
    ja: "切断されました。再接続しています（行は失われません）。",
  },
  ended: { en: "Ended", ja: "終了" },
  notStarted: {
    en: "The task has not started yet; its log appears here when it does.",
    ja: "まだ開始されていません。開始されるとここにログが表示されます。",
  },
  empty: { en: "Nothing was written.", ja: "出力はありません。" },
  noMatch: { en: "No line matches.", ja: "該当する行はありません。" },
  removed: {
    en: "The log is over its time and was removed.",
    ja: "保存期間を過ぎたため、ログは削除されました。",
  },
  beginning: { en: "Beginning of the log", ja: "ログの先頭" },
  gap: (first: number, last: number, why: string) => ({
    en: `Lines ${String(first)} to ${String(last)} are missing: ${why}`,
    ja: `${String(first)} 行目から ${String(last)} 行目までが欠けています: ${why}`,
  }),
  leftOut: (lines: number) => ({
    en:
      lines === 1
        ? "A line of level DEBUG was not kept."
        : `${String(lines)} lines of level DEBUG were not kept.`,
    ja: `レベル DEBUG の ${String(lines)} 行は設定により保存されていません。`,
  }),
  linkTo: (line: number) => ({ en: `Link to line ${String(line)}`, ja: `${String(line)} 行目へのリンク` }),
  position: (first: number, last: number, all: number) => ({
    en: `${String(first)}–${String(last)} of ${String(all)}`,
    ja: `${String(all)} 行中 ${String(first)}–${String(last)}`,
  }),
  loading: { en: "Loading…", ja: "読み込み中…" },
});
