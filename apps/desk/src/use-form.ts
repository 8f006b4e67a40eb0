import { useMemo } from 'preact/hooks';
import { isRecord, type Value } from './form-model/values.js';
import type { Form } from './form/form.js';
import type { Row } from './known.js';
import type { Choice } from './match.js';
import type { Followed } from './use-newsroom.js';

/** The registered actors that a draft already names, in any field. */
export function actorsIn(value: Value, actors: ReadonlyMap<string, unknown>): Set<string> {
  if (typeof value === 'string') return new Set(actors.has(value) ? [value] : []);
  const inner = Array.isArray(value) ? (value as readonly Value[]) : isRecord(value) ? Object.values(value) : [];
  return new Set(inner.flatMap(item => [...actorsIn(item, actors)]));
}

type PageContext = Omit<Form, 'name' | 'value' | 'put' | 'errors'>;

/** The choices of a story's forms: its actors first, its developments, its slugs. */
export function useForm({ known, actors, find }: Followed, rows: readonly Row[], value: Value): PageContext {
  const here = useMemo(() => {
    const count = new Map<string, number>();
    for (const { entry } of rows) for (const { id } of entry?.actors ?? []) count.set(id, (count.get(id) ?? 0) + 1);
    return count;
  }, [rows]);
  const written = actorsIn(value, actors);
  const weight = (id: string) => (written.has(id) ? 1_000_000 : 0) + (here.get(id) ?? 0);
  const choices: Choice[] = [...actors.values()]
    .sort((a, b) => weight(b.id) - weight(a.id) || (a.name < b.name ? -1 : 1))
    .map(({ id, name, kind, aliases }) => ({ id, label: name, detail: kind, also: [...aliases, id] }));
  const developments: Choice[] = rows.flatMap(({ development, entry }) =>
    development.status === 'active' && entry
      ? [{ id: development.id, label: entry.headline, detail: development.kind }]
      : [],
  );
  const slugs = useMemo(() => slugsIn(rows), [rows]);
  return {
    actors,
    choices: { actors: choices, developments },
    find,
    used: name => [...(slugs.get(name) ?? [])],
    zone: known.story?.zone ?? 'UTC',
  };
}

/** The short texts in the story's developments, by field name. */
function slugsIn(rows: readonly Row[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const slug = /^[a-z0-9]+(-[a-z0-9]+)*$/;
  for (const { entry } of rows)
    for (const [name, value] of Object.entries(entry?.data ?? {}))
      if (typeof value === 'string' && slug.test(value)) found.set(name, (found.get(name) ?? new Set()).add(value));
  return found;
}
