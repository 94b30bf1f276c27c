import { useEffect } from "preact/hooks";
import { dictionary } from "../language/dictionary.ts";
import { say } from "../language/language.ts";

const words = dictionary({
  ask: {
    en: "What you have typed here is not saved. Leave it?",
    ja: "入力した内容は保存されていません。このページを離れますか？",
  },
});

/** Forms on the screen with something that is nowhere else. */
const unsaved = new Set<symbol>();

/** Asks the person, where leaving the screen would lose something. */
export function mayLeave(): boolean {
  return unsaved.size === 0 || confirm(say(words.ask));
}

/** While it is so, links to other screens, reloading and closing the tab ask first. */
export function useUnsaved(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const self = Symbol("unsaved");
    const ask = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    unsaved.add(self);
    addEventListener("beforeunload", ask);
    return () => {
      unsaved.delete(self);
      removeEventListener("beforeunload", ask);
    };
  }, [isUnsaved]);
}
