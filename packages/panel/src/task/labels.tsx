import { Plain } from "../ui/plain.tsx";

export function Labels({ labels }: { readonly labels: Readonly<Record<string, string>> }) {
  return (
    <span class="labels">
      {Object.entries(labels).map(([key, value]) => (
        <span key={key} class="label">
          <Plain text={value === "" ? key : `${key}=${value}`} />
        </span>
      ))}
    </span>
  );
}
