import { z } from 'zod';

// NUL and lone surrogates are valid JSON, yet Postgres and UTF-8 cannot hold them; a feed's XML cannot hold other control characters.
// U+FFFE and U+FFFF pass here although XML cannot hold them, as existing logs contain some. `unshowable` refuses them in new texts.
const storable = (text: string) => text.isWellFormed() && !/[^\P{Cc}\t\n\r]/u.test(text);
// At least one visible character: not space, control or format, such as a zero-width one.
const visible = /[^\s\p{Z}\p{Cc}\p{Cf}]/u;

/** Text that Postgres can hold and compare. It may be blank. */
export const StorableText = (max: number) =>
  z.string().max(max).refine(storable, 'must be well-formed Unicode without control characters');

/** Text as the editor wrote it: never blank, never escaped. The code that shows it must escape it. */
export const Text = (max: number) => StorableText(max).regex(visible, 'must not be empty');

/** Text on one line. */
export const Line = (max: number) => Text(max).regex(/^[^\r\n\u2028\u2029]*$/, 'must be one line');

/**
 * Whether a text is an address that begins with http:// or https://, without a user name. Programs differ in whether a backslash ends
 * the host, so no @ follows one. A log may hold whatever this has accepted: it may become wider, and never narrower.
 */
export const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && /^https?:[/]{2}[/\\]*[^\s@/\\?#]+(?:[/?#]\S*|\\[^\s@]*)?$/i.test(text);
/** What a refusal says of a text that is no such address. */
export const webAddressNeeded =
  'must be an address that begins with http:// or https://, without spaces and without a user name';

/** Lower-case words of a-z and 0-9, joined by hyphens; at most 80 characters. */
export const Slug = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words of a-z and 0-9, joined by hyphens');

/** A story's id: a slug. */
export const StoryId = Slug.meta({ id: 'StoryId', description: 'A story’s id, chosen when it is opened.' });
/** An actor's id: a slug. */
export const ActorId = Slug.meta({ id: 'ActorId', description: 'An actor’s id, chosen when it is registered.' });
/** In any case; stored in lower case, as case has no meaning in a UUID (RFC 9562). */
export const DevelopmentId = z
  .uuid()
  .toLowerCase()
  .meta({ id: 'DevelopmentId', description: 'A development’s id, returned when it is recorded.' });

/** A text that belongs to no development and has a key for itself alone, such as a version of a story's header, or of an actor's entry. */
export const TextId = z
  .uuid()
  .toLowerCase()
  .meta({ id: 'TextId', description: 'The id of a sealed text of the story, such as one version of the header.' });
