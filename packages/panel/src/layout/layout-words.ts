import { dictionary } from "../language/dictionary.ts";

export const words = dictionary({
  skip: { en: "Skip to the content", ja: "本文へ移動" },
  navigation: { en: "Screens", ja: "画面" },
  menu: { en: "Menu", ja: "メニュー" },
  logOut: { en: "Log out", ja: "ログアウト" },
  waiting: { en: "Disconnected, trying again…", ja: "切断されました。再接続しています…" },
});
