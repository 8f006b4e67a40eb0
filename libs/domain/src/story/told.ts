import { z } from 'zod';
import { Content } from '../content.js';
import { kindNames } from '../developments/index.js';
import { standings } from '../sourcing.js';
import { Slug, Text } from '../text.js';

const Reason = Text(1_000);

/**
 * What events tell of their development: its content, and what is said about it. In the log it is sealed under the
 * development's key, so that a takedown can destroy it; all else in an event stands in the clear for ever.
 */
export const tellings = {
  DevelopmentRecorded: z.strictObject({ content: Content }),
  DevelopmentCorrected: z.strictObject({ content: Content, wrong: Text(1_000), reason: Reason }),
  DevelopmentRetracted: z.strictObject({ reason: Reason }),
  DevelopmentVerified: z.strictObject({ note: Reason }),
  DevelopmentDisputed: z.strictObject({ reason: Reason }),
  RetractionProposed: z.strictObject({ reason: Reason }),
  TakedownProposed: z.strictObject({ reason: Reason }),
  ProposalWithdrawn: z.strictObject({ reason: Reason }),
} as const;
export type Telling = keyof typeof tellings;

/** A JWE in compact form (RFC 7516), encrypted directly under the development's key. */
export const Sealed = z
  .string()
  .max(1_000_000)
  .regex(/^[\w-]+\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/, 'must be a compact JWE of direct encryption');

/** What later decisions need to know of a content; it stays when the content is shredded. */
export const Outline = z.strictObject({
  kind: z.enum(kindNames),
  standing: z.enum(standings),
  /** Ids of the conditions that it hangs on. */
  conditions: z.array(Slug).max(10),
  /** HMAC-SHA256 of the canonical content under the development's key: whether two are the same shows, what they say cannot be guessed. */
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'must be an HMAC-SHA256 in hex'),
});
export type Outline = z.infer<typeof Outline>;

export const outlineOf = (content: Content, digest: string): Outline => ({
  kind: content.kind,
  standing: content.sourcing.standing,
  conditions: (content.modality.conditions ?? []).map(({ id }) => id),
  digest,
});

/** The event with whatever in the place of what it tells: decisions never look at that. */
export type Opaque<Event> = Event extends { type: infer Type; data: infer Data extends { told: unknown } }
  ? { type: Type; data: Omit<Data, 'told'> & { told: unknown } }
  : Event;

/** The event with what it tells, or null where that was shredded. */
export type Opened<Event> = Event extends {
  type: infer Type extends Telling;
  data: infer Data extends { told: unknown };
}
  ? { type: Type; data: Omit<Data, 'told'> & { told: z.infer<(typeof tellings)[Type]> | null } }
  : Event;
