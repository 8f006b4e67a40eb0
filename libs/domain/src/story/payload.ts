import { z } from 'zod';
import type { Content } from '../content.js';
import { captureBounds, pagePictures } from '../capture.js';
import { BlobName } from '../blob-name.js';
import { filesOf, mostFiles, mostRenditions } from '../media.js';
import { kindNames } from '../developments/index.js';
import { standings } from '../sourcing.js';
import { Slug } from '../text.js';

// Events about a development, or about a text of the story, may have a payload: text that people wrote. The log holds it sealed under the
// key of that development or text, in the field `told`, so that a takedown can destroy it. All other fields remain readable permanently.

/** A JWE in compact form (RFC 7516), encrypted directly under the key of its development or text. */
export const Sealed = z
  .string()
  .max(1_000_000)
  .regex(/^[\w-]+\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/, 'must be a compact JWE of direct encryption');

/** The most files that one content can name: of its pictures, and of those of the pages that it links to. */
export const mostFilesOfContent = mostFiles + 2 * captureBounds.captures * (1 + mostRenditions);

/** The names of the sealed files that a content, or a part of it, shows. Undefined where it shows none. */
export function filesIn({ media = [], captures = [] }: Pick<Content, 'media' | 'captures'>): string[] | undefined {
  const files = filesOf([...media, ...pagePictures(captures)]);
  return files.length > 0 ? files : undefined;
}

/** The parts of a content that later decisions need; they remain when the content is destroyed. */
export const Outline = z.strictObject({
  kind: z.enum(kindNames),
  standing: z.enum(standings),
  /** Ids of the conditions that it depends on. */
  conditions: z.array(Slug).max(10),
  /**
   * HMAC-SHA256 of the canonical content under the development's key: it shows whether two contents are equal, without letting anyone
   * guess them.
   */
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'must be an HMAC-SHA256 in hex'),
  /**
   * The names of the sealed files of its pictures, so that a takedown, `verify` and bundles find them without the key. Absent where there
   * are none.
   */
  files: z.array(BlobName).min(1).max(mostFilesOfContent).optional(),
});
export type Outline = z.infer<typeof Outline>;

/** The outline of a content with the digest of it. */
export function outlineOf(content: Content, digest: string): Outline {
  const files = filesIn(content);
  return {
    kind: content.kind,
    standing: content.sourcing.standing,
    conditions: (content.modality.conditions ?? []).map(({ id }) => id),
    digest,
    ...(files && { files }),
  };
}

const NamesFiles = z.object({
  data: z.object({ development: z.string(), outline: z.object({ files: z.array(BlobName) }) }),
});

/**
 * The sealed files that events name, in their outlines, and the development of each. It needs no key, and also reads events of later
 * versions that have an outline.
 */
export const filesNamedIn = (
  events: readonly unknown[],
): { readonly development: string; readonly files: readonly string[] }[] =>
  events.flatMap(event => {
    const { data } = NamesFiles.safeParse(event);
    return data ? [{ development: data.data.development, files: data.data.outline.files }] : [];
  });

/** The outline of a content that is unknown, because its key is: its digest matches no content. */
export const unknownOutline: Outline = {
  kind: kindNames[0]!,
  standing: 'reported',
  conditions: [],
  digest: '0'.repeat(64),
};

/** The id of the key that seals the payload of an event with this data. An event of a text may name a development too. */
export const keyIdOf = (data: { readonly development: string } | { readonly text: string }): string =>
  'text' in data ? data.text : data.development;

/** The event with a payload in any form: decisions never read it. */
export type Opaque<Event> = Event extends { type: infer Type; data: infer Data extends { told: unknown } }
  ? { type: Type; data: Omit<Data, 'told'> & { told: unknown } }
  : Event;

/** What an opened event holds instead of its payload if a takedown destroyed the key. `payloadOf` alone looks for it. */
export const forgottenPayload = null;
export type ForgottenPayload = typeof forgottenPayload;

/** The event with its open payload, typed by `Payloads`. */
export type Opened<Event, Payloads> = Event extends {
  type: infer Type extends keyof Payloads;
  data: infer Data extends { told: unknown };
}
  ? { type: Type; data: Omit<Data, 'told'> & { told: Payloads[Type] | ForgottenPayload } }
  : Event;

type PayloadIn<Data> = Data extends { readonly told: infer Payload } ? Exclude<Payload, ForgottenPayload> : undefined;

/** The payload in the data of an opened event; undefined if its key was destroyed, or if the event never has one. */
export const payloadOf = <Data extends object>(data: Data): PayloadIn<Data> | undefined =>
  'told' in data && data.told !== forgottenPayload ? (data.told as PayloadIn<Data>) : undefined;
