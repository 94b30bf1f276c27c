import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

interface HeadingProps {
  readonly title: ComponentChildren;
  /** Of the browser's tab. */
  readonly name: string;
  readonly children?: ComponentChildren;
}

/** A screen's head: its name, and what can be done on it. */
export function Heading({ title, name, children }: HeadingProps) {
  useEffect(() => {
    document.title = `${name} – keruta`;
  }, [name]);
  return (
    <header class="heading">
      <h1>{title}</h1>
      {children !== undefined && <div class="actions">{children}</div>}
    </header>
  );
}
