import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface HeadingProps {
  readonly title: ComponentChildren;
  /** Of the browser's tab. */
  readonly name: string;
  readonly children?: ComponentChildren;
}

/** A screen's head: its name, and what can be done on it. */
export function Heading({ title, name, children }: HeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${name} – keruta`;
  }, [name]);
  useEffect(() => {
    // The screen was arrived at before it had a heading.
    if (document.activeElement?.id === "content") heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header class="heading">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children !== undefined && <div class="actions">{children}</div>}
    </header>
  );
}
