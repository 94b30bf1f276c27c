import type { ComponentChildren } from "preact";

interface FormProps {
  readonly onSubmit: () => void;
  readonly class?: string;
  readonly label?: string;
  readonly children: ComponentChildren;
}

/** Whether a key only ends the conversion of an input method. 229 is what Safari says of it, after the conversion. */
function isConverting(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** A form whose Enter submits, but for the one that ends the conversion of an input method. */
export function Form({ onSubmit, label, children, ...rest }: FormProps) {
  return (
    <form
      class={rest.class}
      aria-label={label}
      noValidate
      onKeyDown={(event) => {
        if (event.key === "Enter" && isConverting(event)) event.preventDefault();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
