import { labelOf } from '../form-model/fields.js';
import { at, type Value } from '../form-model/values.js';
import { bylineInWords } from './byline.js';
import { whenOf } from '../when.js';

const text = (value: Value | object, ...path: string[]): string => String(at(value as Value, path) ?? '');

/** The source and the certainty in words, such as "Desk, reported, asserted". */
export function knownInWords(
  sourcing: Value | object,
  modality: Value | object,
  nameOf: (actor: string) => string,
): string {
  const [basis, actor, group] = ['basis', 'actor', 'group'].map(name => text(sourcing, name));
  const source = actor
    ? `${labelOf(basis!)}: ${nameOf(actor)}`
    : group
      ? `${labelOf(basis!)}: ${group}`
      : labelOf(basis!);
  const conditions = at(modality as Value, ['conditions']);
  const count = Array.isArray(conditions) ? conditions.length : 0;
  const mode = `${text(modality, 'mode')}${count > 1 ? ` on ${count} conditions` : ''}`;
  return [source, text(sourcing, 'standing'), mode].filter(Boolean).join(', ');
}

/** When it happened, in words, by the clocks of a zone. */
export function whenInWords(occurred: Value, zone: string): string {
  const when = whenOf(occurred, zone);
  if (!when.day || !when.precision) return 'time not given';
  const time = { second: 8, minute: 5, hour: 5, day: 0, unknown: 5 }[when.precision] ?? 5;
  const start = [when.day, when.time.slice(0, time)].filter(Boolean).join(' ');
  const end = [when.untilDay === when.day ? '' : when.untilDay, when.untilTime.slice(0, time)]
    .filter(Boolean)
    .join(' ');
  const from = when.precision === 'unknown' ? `not before ${start}` : start;
  return end ? `${from} to ${end}` : from;
}

const linkedInWords = (captures: Value): string =>
  !Array.isArray(captures) || captures.length === 0
    ? ''
    : captures.length === 1
      ? 'one linked page'
      : `${captures.length} linked pages`;

/** The headline and the choices beside it, in words. `own`: the poster's name, if a new development has it as its byline. */
export function moreInWords(value: Value, instant: (until: string) => string, own?: string): string {
  const headline = text(value, 'content', 'headline').trim();
  const until = text(value, 'embargo', 'until');
  const parts = [
    headline ? `headline: ${headline}` : 'no headline',
    bylineInWords(at(value, ['content', 'byline']), own),
    linkedInWords(at(value, ['content', 'captures'])),
    at(value, ['key']) === true ? 'key event' : '',
    at(value, ['supersedes']) === undefined ? '' : 'supersedes another',
    at(value, ['embargo']) === undefined ? '' : until ? `embargo until ${instant(until)}` : 'embargo',
  ];
  return parts.filter(Boolean).join(', ');
}
