import { useEffect, useRef } from "preact/hooks";

/**
 * On a change of screen the focus goes to the new one's heading, which is then read out, unless the screen has taken it
 * for one of its fields. The screen that a page begins with has it from the browser.
 */
export function useArrival(path: string): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    const content = document.getElementById("content");
    if (!content || content.contains(document.activeElement)) return;
    const target = content.querySelector<HTMLElement>("h1") ?? content;
    target.focus({ preventScroll: true });
  }, [path]);
}
