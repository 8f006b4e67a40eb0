import type { Modality, Sourcing } from '#domain';

/** Gives an actor's name for its id. */
export type Names = (actor: string) => string;

// Words for a basis. A source on the record is shown by name, the desk by its own name.
const bases: Record<Sourcing['basis'], { readonly alone: string; readonly besides?: string }> = {
  'on-record': { alone: 'on the record', besides: 'on the record' },
  official: { alone: 'official sources', besides: 'official' },
  'media-report': { alone: 'media reports' },
  anonymous: { alone: 'anonymous sources', besides: 'anonymous' },
  analyst: { alone: 'analysis', besides: 'analysis' },
  desk: { alone: 'our desk', besides: 'by our desk' },
};

/** The source of a report and the desk's certainty, in words. */
export function sourced({ basis, actor, group }: Sourcing, standing: string, name: Names): string {
  const who = actor ? name(actor) : group;
  const { alone, besides } = bases[basis];
  return who ? `${who} (${[besides, standing].filter(Boolean).join(', ')})` : `${alone} (${standing})`;
}

/** The modality, unless it is a plain fact. */
export function unlikeFact({ mode, conditions = [] }: Modality): string | undefined {
  if (mode === 'asserted') return undefined;
  if (mode !== 'conditional') return mode;
  return `conditional on: ${conditions.map(condition => condition.text).join(' and ')}`;
}

// Fields with the main statement come first, unchanged; then those with an introductory word.
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

/** A mark of an actor in a few words, for any kind of development. */
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
