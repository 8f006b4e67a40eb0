import { v5 as uuidOf } from 'uuid';
import { z } from 'zod';
import { digest } from '../digest.js';
import { isInFourDigitYears, yearsError } from '../instant.js';
import { bcp47 } from '../language.js';
import { isZoneName } from '../new-text.js';
import { StoryProfile, type StoryState } from './state.js';

// The header of a story: its title, standfirst (`summary`), zone, language, and when coverage is planned. It is a list of versions. The
// words of each version are sealed under a separate key, so that a takedown can destroy one version and leave the others.

const { title, summary, zone, language } = StoryProfile.shape;

/** The words of a header. */
export const HeaderWords = z.strictObject({ title, summary });
export type HeaderWords = z.infer<typeof HeaderWords>;

/** An instant as the log holds it. */
export const Instant = z.iso.datetime({ precision: 3, error: 'must be an ISO 8601 instant in UTC with milliseconds' });

/** The parts of a header that the log holds in the clear. */
export const headerSettings = { zone, language, starts: Instant.optional(), ends: Instant.optional() };
/** The parts of a header that the log holds in the clear. */
export type HeaderSettings = z.infer<z.ZodObject<typeof headerSettings>>;

/** A version of a story's header. */
export type Header = HeaderSettings &
  (
    | { readonly text: string; readonly sealedIn: 'StoryOpenedSealed' | 'StoryAmended'; readonly told: unknown }
    /** A story that an earlier version of the product opened: its first title is in the log in the clear. */
    | { readonly text?: undefined; readonly words: HeaderWords }
  );

const error = 'must be an ISO 8601 instant with an offset or Z, such as 2026-01-31T09:00:00-09:00';
/** An optional instant as an editor sends it: any offset, normalised to UTC. */
export const sentInstant = (description: string) =>
  z.iso
    .datetime({ offset: true, error })
    .transform(text => new Date(text).toISOString())
    .refine(isInFourDigitYears, yearsError)
    .pipe(Instant)
    .optional()
    .meta({ description, type: 'string', format: 'date-time' });

/** The fields of a header as an editor sends it. Stricter than the log: old stories may be in an offset, and in any text as language. */
export const sentHeader = {
  title,
  summary: summary.meta({ description: 'The standfirst: one or two sentences below the title.' }),
  zone: zone.refine(isZoneName, 'must be the name of an IANA time zone such as Europe/Berlin, not an offset'),
  language: language
    .refine(
      tag => tag === undefined || (bcp47(tag) !== undefined && !tag.includes('_')),
      'must be a BCP 47 language tag such as en, pt-BR or zh-Hans',
    )
    .meta({ description: 'A BCP 47 tag; the log holds its canonical form.' }),
  starts: sentInstant('When coverage is planned to start.'),
  ends: sentInstant('When coverage is planned to end.'),
};
/** A header as an editor sends it. */
export type SentHeader = z.infer<z.ZodObject<typeof sentHeader>>;

const present = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;

/** The parts of a header in the clear, as the log holds them. */
export const settingsOf = ({ zone, language, starts, ends }: HeaderSettings): HeaderSettings =>
  present({ zone, language: bcp47(language) ?? language, starts, ends });
/** The words of a header, as the log holds them sealed. */
export const headerWordsOf = ({ title, summary }: HeaderWords): HeaderWords => present({ title, summary });

/** Whether two headers are the same. `words`: those of the header that the story has; null where nobody can read them. */
export const isSameHeader = (held: Header, words: HeaderWords | null, sent: SentHeader): boolean =>
  words !== null &&
  digest({ ...settingsOf(held), ...headerWordsOf(words) }) === digest({ ...settingsOf(sent), ...headerWordsOf(sent) });

// A stored name: the ids of texts are derived from it.
const namespace = uuidOf('urn:dateline:text', uuidOf.URL);
const personal = uuidOf('urn:dateline:text-of-person', uuidOf.URL);

/** The id of the words of an actor's entry that a request writes. It is derived from the request, so that a retry names the same words. */
export const actorTextId = (actor: string, key: string, by: string): string =>
  uuidOf([`actor:${actor}`, key, by].join('\n'), personal);

/**
 * The id of the text that a request writes. It is derived from the story and the idempotency key, so that a retry names the same text.
 * Where another text already has this id, as another person used the key, it is derived from the person too.
 */
export function newTextId(story: string, key: string, by: string, { texts }: Pick<StoryState, 'texts'>): string {
  const id = uuidOf(`${story}/${key}`, namespace);
  return texts.has(id) ? uuidOf([story, key, by].join('\n'), personal) : id;
}
