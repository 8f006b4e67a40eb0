import { cursorParameter, cursorsOf, limitUpTo, nextOf } from '#platform';
import { z } from 'zod';

/** Maximum number of items on a page of one of the desk's lists. */
export const deskPage = 500;

const lists = ['stories', 'developments', 'actors'] as const;
const cursors = cursorsOf(z.tuple([z.enum(lists), z.string().max(200)]));

/** The query parameters of a desk list. Lists are sorted by id. */
export const ListQuery = z.strictObject({
  limit: limitUpTo(deskPage, deskPage),
  cursor: cursorParameter(cursors.read),
});
export type ListQuery = z.infer<typeof ListQuery>;

/** The schema of the answer's member that leads to the next page. */
export const next = nextOf('items');

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Selects the requested page by ids, builds only its items, and says where the next page is. */
export function pageById<Item extends { readonly id: string }>(
  all: Iterable<string>,
  item: (id: string) => Item | undefined,
  { limit, cursor }: ListQuery,
  list: (typeof lists)[number],
  path: string,
): { readonly items: Item[]; readonly next: string | null } {
  const after = cursor?.[1];
  const due = [...all].filter(id => after === undefined || id > after).sort();
  const items = due.slice(0, limit).flatMap(id => item(id) ?? []);
  const last = due.length > limit ? due[limit - 1] : undefined;
  if (last === undefined) return { items: items.sort(byId), next: null };
  const parameters = new URLSearchParams({ limit: String(limit), cursor: cursors.write([list, last]) });
  return { items, next: `${path}?${parameters}` };
}
