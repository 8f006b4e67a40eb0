import type { Modality, Sourcing } from '#domain';

/** An actor's name for its id. */
export type Names = (actor: string) => string;

// What is said of the basis besides who it is; a source on the record is told by its name, the desk by its own.
const bases: Record<Sourcing['basis'], { readonly alone: string; readonly besides?: string }> = {
  'on-record': { alone: 'on the record', besides: 'on the record' },
  official: { alone: 'official sources', besides: 'official' },
  'media-report': { alone: 'media reports' },
  anonymous: { alone: 'anonymous sources', besides: 'anonymous' },
  analyst: { alone: 'analysis', besides: 'analysis' },
  desk: { alone: 'our desk', besides: 'by our desk' },
};

/** Where a report comes from and how sure the desk is, as one would say it. */
export function sourced({ basis, actor, group }: Sourcing, standing: string, name: Names): string {
  const who = actor ? name(actor) : group;
  const { alone, besides } = bases[basis];
  return who ? `${who} (${[besides, standing].filter(Boolean).join(', ')})` : `${alone} (${standing})`;
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
    .filter(([, held]) => held !== null && held !== undefined && !(Array.isArray(held) && held.length === 0))
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([field, held]) => leadOf(field) + (field === 'quote' ? `“${held}”` : said(held, name)))
    .join(between);
}
