import { parseLabelSelector, taskStatuses, isKerutaError, type TaskStatus } from "@keruta/shared/domain";
import { useEffect, useState } from "preact/hooks";
import { language, say } from "../language/language.ts";
import { navigate, withSearch } from "../routing/place.ts";
import { ChoiceField, TextField } from "../ui/field.tsx";
import { Form } from "../ui/form.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { orders, type ListQuery } from "./list-query.ts";
import { words } from "./task-list-words.ts";

/** Narrows the list; what is set stands in the address, so that it can be sent to somebody. */
export function FilterBar({ query }: { readonly query: ListQuery }) {
  const [search, setSearch] = useState(query.search);
  const [labels, setLabels] = useState(query.labels);
  // Back and forward change the address behind the form.
  useEffect(() => {
    setSearch(query.search);
    setLabels(query.labels);
  }, [query.search, query.labels]);
  const complaint = selectorComplaint(labels);
  const isFiltered = query.search !== "" || query.labels !== "" || query.statuses.length > 0;

  return (
    <search>
      <Form
        class="filters"
        label={say(words.filters)}
        onSubmit={() => {
          if (complaint === undefined) navigate(withSearch({ search, label: labels, page: undefined }));
        }}
      >
        <TextField
          label={say(words.search)}
          value={search}
          onValue={setSearch}
          type="search"
          maxLength={1024}
        />
        <TextField
          label={say(words.label)}
          placeholder={say(words.labelHint)}
          value={labels}
          onValue={setLabels}
          autocomplete="off"
          spellcheck={false}
          complaints={complaint === undefined ? [] : [complaint]}
        />
        <ChoiceField
          label={say(words.order)}
          value={query.order}
          choices={orders.map((order) => [order, say(words[order])] as const)}
          onValue={(order) => {
            navigate(withSearch({ order: order === "newest" ? undefined : order, page: undefined }));
          }}
        />
        <div class="row filters-actions">
          <button type="submit" class="button button-main">
            {say(words.apply)}
          </button>
          {isFiltered && (
            <button
              type="button"
              class="button"
              onClick={() => {
                navigate(withSearch({ search: "", label: "", status: "", page: "" }));
              }}
            >
              {say(words.reset)}
            </button>
          )}
        </div>
      </Form>
      <div class="chips" role="group" aria-label={say(words.filters)}>
        {taskStatuses.map((status) => (
          <button
            key={status}
            type="button"
            class="chip"
            aria-pressed={query.statuses.includes(status)}
            onClick={() => {
              navigate(withSearch({ status: toggled(query.statuses, status).join(","), page: undefined }));
            }}
          >
            <StatusBadge status={status} />
          </button>
        ))}
      </div>
    </search>
  );
}

function toggled(statuses: readonly TaskStatus[], status: TaskStatus): readonly TaskStatus[] {
  return statuses.includes(status) ? statuses.filter((one) => one !== status) : [...statuses, status];
}

function selectorComplaint(text: string): string | undefined {
  try {
    parseLabelSelector(text);
    return undefined;
  } catch (error) {
    if (!isKerutaError(error)) throw error;
    return error.text[language.value];
  }
}
