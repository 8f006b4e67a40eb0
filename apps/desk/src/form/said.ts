import type { FieldError } from '../contracts.js';
import { labelOf, type Field } from '../form-model/fields.js';

/** What the desk asks for where a field is empty, by the field's name. Other fields are asked for by their labels. */
const asked: Readonly<Record<string, string>> = {
  speaker: 'Say who speaks.',
  actors: 'Say who.',
  actor: 'Say who.',
  by: 'Say who.',
  members: 'Name at least one member.',
  participants: 'Say who takes part.',
  guests: 'Say who was there.',
  quote: 'Give the speaker’s words, or a paraphrase.',
  place: 'Say where.',
  precision: 'Say when it happened, or choose “Not known”.',
  occurred: 'Say when it happened, or choose “Not known”.',
  basis: 'Say where you know it from.',
  standing: 'Say how sure it is.',
  mode: 'Say whether it has happened, is planned, denied or depends on a condition.',
  conditions: 'Name the condition it depends on.',
  group: 'Describe the source, such as “two officials”.',
  body: 'Write the text.',
  wrong: 'Say what was wrong. Readers see it.',
  reason: 'Say why.',
  note: 'Say how it was checked.',
  title: 'Give the story a title.',
  zone: 'Give the time zone, such as Europe/Berlin.',
};

/** Labels of fields whose own names are no words. */
const labels: Readonly<Record<string, string>> = {
  id: 'Name in addresses',
  iso3166: 'Country code (ISO 3166)',
  wikidata: 'Wikidata number',
  zone: 'Time zone',
};

/** The label of a field in an editor's words. */
export const labelIn = ({ name, label }: Pick<Field, 'name' | 'label'>): string =>
  label === labelOf(name) ? (labels[name] ?? label) : label;

const isMissing = (message: string) => /^(is missing|must not be empty|must be given$)/.test(message);
const isChoice = (message: string) => message.startsWith('must be one of');
/** Messages of the API that have better words at the desk. */
const exact: Readonly<Record<string, string | undefined>> = {
  'must name the person or actor on the record': 'Name who is on the record.',
  'must describe the anonymous source': asked.group,
  'must hold the speaker’s words, unless a paraphrase is given': asked.quote,
  'must name the condition it depends on': asked.conditions,
  'must be given, unless `decorative` says that the picture needs none':
    'Say what the picture shows, or that it only decorates.',
  'must be given unless the precision is unknown': 'Give the day and the time, or choose “Not known”.',
};

/** The error of a field as a sentence that says what to do. `at`: the part of the field that is wrong, if it has parts. */
export function saidOf(field: Pick<Field, 'name' | 'label' | 'type'>, error: FieldError, at = field.name): string {
  const { message, allowed = [] } = error;
  const label = labelIn(field);
  const better = exact[message] ?? (isMissing(message) || isChoice(message) ? asked[at] : undefined);
  if (better) return better;
  if (isMissing(message)) return `Fill in “${label}”.`;
  if (isChoice(message)) return chosenFrom(label, allowed);
  if (message.startsWith('must be lower-case words'))
    return `${label}: use small letters, digits and hyphens, such as harbour-fire.`;
  const named = allowed.length > 0 ? ` (${allowed.slice(0, mostNamed).join(', ')})` : '';
  return /^[A-Z“]/.test(message) ? message + named : `${label} ${message}${named}.`;
}

/** The most values that an error names. */
const mostNamed = 8;

const chosenFrom = (label: string, allowed: readonly unknown[]): string =>
  allowed.length > 0 && allowed.length <= mostNamed
    ? `${label}: choose ${choices(allowed)}.`
    : `Choose one for “${label}”.`;

const choices = (allowed: readonly unknown[]): string => {
  const words = allowed.map(option => labelOf(String(option)).toLowerCase());
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
};

/** What a draft still lacks, each point as a sentence, from the paths of its fields. */
export function lacking(
  lacks: readonly FieldError[],
  fields: ReadonlyMap<string, Pick<Field, 'name' | 'label' | 'type'>>,
): string[] {
  const sentences = lacks.map(error => {
    const path = error.field.split('.');
    const name = path.findLast(step => /\D/.test(step)) ?? error.field;
    const field = fields.get(name) ?? { name, label: labelOf(name), type: 'line' as const };
    return saidOf(field, error, name);
  });
  return [...new Set(sentences)];
}
