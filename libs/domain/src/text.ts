import { z } from 'zod';

// A NUL or a lone surrogate is valid JSON, yet neither Postgres nor UTF-8 can hold it; nor can a feed's XML hold other control characters.
// U+FFFE and U+FFFF pass here, though XML cannot hold them: logs hold some. New texts are held to `newText` besides.
const storable = (text: string) => text.isWellFormed() && !/[^\P{Cc}\t\n\r]/u.test(text);
// Something to see: neither space nor control nor format character, such as a zero-width one.
const visible = /[^\s\p{Z}\p{Cc}\p{Cf}]/u;

/** Text as the editor wrote it: never blank, kept raw. Escaping is the reader's side's work. */
export const Text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(visible, 'must not be empty')
    .refine(storable, 'must be well-formed Unicode without control characters');

/** Text on one line. */
export const Line = (max: number) => Text(max).regex(/^[^\r\n\u2028\u2029]*$/, 'must be one line');

export const Slug = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words of a-z and 0-9, joined by hyphens');

export const StoryId = Slug.meta({ id: 'StoryId', description: 'A story’s id, chosen when it is opened.' });
export const ActorId = Slug.meta({ id: 'ActorId', description: 'An actor’s id, chosen when it is registered.' });
/** However its letters are written: a UUID's case means nothing (RFC 9562), so it is kept in lower case. */
export const DevelopmentId = z
  .uuid()
  .toLowerCase()
  .meta({ id: 'DevelopmentId', description: 'A development’s id, returned when it is recorded.' });
