import type { Modality, Sourcing } from '#domain';

/** An actor's name for its id. */
export type Names = (actor: string) => string;

const bases: Record<Sourcing['basis'], (who: string | undefined) => string> = {
  'on-record': who => `${who}, on the record`,
  official: who => (who ? `${who}, officially` : 'official'),
  'media-report': who => (who ? `media: ${who}` : 'media reports'),
  anonymous: who => `${who}, anonymously`,
  analyst: who => (who ? `analysis: ${who}` : 'analysis'),
  desk: who => (who ? `our desk, from ${who}` : 'our desk'),
};

/** Where a report comes from and how sure the desk is, as one would say it. */
export function sourced({ basis, actor, group }: Sourcing, standing: string, name: Names): string {
  return `${bases[basis](actor ? name(actor) : group)} (${standing})`;
}

/** How it is said, where it is not simply so. */
export function unlikeFact({ mode, conditions = [] }: Modality): string | undefined {
  if (mode === 'asserted') return undefined;
  if (mode !== 'conditional') return mode;
  return `conditional on: ${conditions.map(condition => condition.text).join(' and ')}`;
}

// The fields that say the thing itself come first, as they are; then those that a small word leads in.
const leading =
  'member act quote paraphrase format role direction result stance demand threat proposal outcome obstacle state topic summary change text stances';
const led: Readonly<Record<string, string>> = {
  left: 'left ',
  place: 'at ',
  before: 'before: ',
  of: 'of ',
  with: 'with ',
  about: 'about ',
  by: 'by ',
  from: 'from ',
  to: 'to ',
  parties: 'with ',
  means: '',
  remit: 'for ',
  reason: 'because: ',
};
const order = [...leading.split(' '), ...Object.keys(led)];
const rank = (field: string) => (order.includes(field) ? order.indexOf(field) : order.length);
const leadOf = (field: string) => led[field] ?? (order.includes(field) ? '' : `${field}: `);

/** What a mark says of an actor, in a few words, whatever kind of development said it. */
export function said(value: unknown, name: Names, between = ', '): string {
  if (Array.isArray(value)) return value.map(item => said(item, name, ': ')).join(', ');
  if (typeof value !== 'object' || value === null) return name(String(value));
  if ('unit' in value && 'value' in value) return `${value.value} ${value.unit}`;
  return Object.entries(value)
    .filter(([, held]) => held !== null && !(Array.isArray(held) && held.length === 0))
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([field, held]) => leadOf(field) + (field === 'quote' ? `“${held}”` : said(held, name)))
    .join(between);
}
