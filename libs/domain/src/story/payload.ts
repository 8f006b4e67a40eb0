import { z } from 'zod';
import type { Content } from '../content.js';
import { kindNames } from '../developments/index.js';
import { standings } from '../sourcing.js';
import { Slug } from '../text.js';

// An event about a development may have a payload: what people wrote. The log holds the payload sealed under the development's
// key, in the field `told`, so that a takedown can destroy it. All other fields of an event stay readable for as long as the log.

/** A JWE in compact form (RFC 7516), encrypted directly under the development's key. */
export const Sealed = z
  .string()
  .max(1_000_000)
  .regex(/^[\w-]+\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/, 'must be a compact JWE of direct encryption');

/** What later decisions need to know of a content; it remains when the content is destroyed. */
export const Outline = z.strictObject({
  kind: z.enum(kindNames),
  standing: z.enum(standings),
  /** Ids of the conditions that it hangs on. */
  conditions: z.array(Slug).max(10),
  /** HMAC-SHA256 of the canonical content under the development's key: it shows whether two contents are the same, and nobody can guess them from it. */
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'must be an HMAC-SHA256 in hex'),
});
export type Outline = z.infer<typeof Outline>;

export const outlineOf = (content: Content, digest: string): Outline => ({
  kind: content.kind,
  standing: content.sourcing.standing,
  conditions: (content.modality.conditions ?? []).map(({ id }) => id),
  digest,
});

/** The event with a payload of any form: decisions never look into it. */
export type Opaque<Event> = Event extends { type: infer Type; data: infer Data extends { told: unknown } }
  ? { type: Type; data: Omit<Data, 'told'> & { told: unknown } }
  : Event;

/** The event with its payload, one of `Payloads` by the event's type; null where that is destroyed. */
export type Opened<Event, Payloads> = Event extends {
  type: infer Type extends keyof Payloads;
  data: infer Data extends { told: unknown };
}
  ? { type: Type; data: Omit<Data, 'told'> & { told: Payloads[Type] | null } }
  : Event;
