import {
  belongsIn,
  canonicalJson,
  isCanonicalJson,
  CommitAuthor,
  DomainEvent,
  jsonOf,
  sha256,
  type Commit,
} from '#domain';
import { CloudEvent, Kafka } from 'cloudevents';
import { z } from 'zod';
import type { Headers, Verdict } from './arbitrate.js';
import type { LogRecord, NewRecord } from './port.js';

/** The most characters of a signed command, and of a certificate. */
export const signedBounds = { command: 2_048, certificate: 4_096 } as const;
const Jws = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[\w-]+(\.[\w-]+){2}$/, 'must be a compact JWS');
/** The author's signature of the command, and the certificate of the key: two compact JWS. Absent in commits that nobody signed. */
export const Signed = z
  .strictObject({ certificate: Jws(signedBounds.certificate), command: Jws(signedBounds.command) })
  .meta({ id: 'Signed', description: 'The author’s signature of the command, and the certificate of the key.' });
export type Signed = z.infer<typeof Signed>;

/** A commit before the log has given it a place. */
export interface Draft {
  /** The log's name, as the CloudEvents source. */
  readonly source: string;
  readonly stream: string;
  readonly seq: number;
  readonly parent: string;
  readonly recorded: string;
  readonly command: string;
  /** SHA-256 of the command's canonical body. It reveals when one idempotency key comes with two bodies. */
  readonly commandHash: string;
  readonly by: CommitAuthor;
  readonly events: readonly DomainEvent[];
  readonly signed?: Signed | undefined;
}

/** Media type of a record's value. */
const contentType = 'application/json';
const typePrefix = 'dateline.';
// CloudEvents needs an id before the headers exist that the id is derived from.
const placeholderId = 'pending';
/** The content of a record's value, as JSON. */
export const RecordValue = z.strictObject({
  by: CommitAuthor,
  events: z.array(DomainEvent).min(1),
  signed: Signed.optional(),
});
/** A commit's headers: CloudEvents attributes in Kafka's binary mode. */
export const commitHeaders: readonly {
  readonly name: string;
  readonly description: string;
  readonly optional?: true;
}[] = [
  { name: 'ce_specversion', description: 'Of CloudEvents: 1.0.' },
  { name: 'ce_id', description: 'The commit’s id: SHA-256, in hex, over the other attributes and the value’s bytes.' },
  { name: 'ce_type', description: 'The first event’s type, after `dateline.`.' },
  { name: 'ce_source', description: 'The log’s name.' },
  { name: 'ce_subject', description: 'The stream: `log`, `story:` or `actor:` and an id.' },
  { name: 'ce_time', description: 'When it was recorded: ISO 8601, UTC, milliseconds.' },
  { name: 'ce_parent', description: 'The expected head of the stream: the commit counts only if it matches.' },
  { name: 'ce_seq', description: 'Number of the commit in its stream, from 1.' },
  { name: 'ce_command', description: 'The command’s Idempotency-Key.' },
  { name: 'ce_commandhash', description: 'SHA-256, in hex, of the command’s canonical body.' },
  { name: 'ce_kind', description: 'The kind of development in the first event.', optional: true },
  { name: 'content-type', description: 'application/json.' },
];

/** SHA-256 over the parent, the other attributes and the value's bytes as the log holds them. */
export function commitId(headers: Headers, value: Uint8Array): string {
  // The keys are in the order of canonical JSON, so that JSON.stringify gives the canonical form of well-formed Unicode text.
  const attributes = {
    command: headers.ce_command,
    commandhash: headers.ce_commandhash,
    kind: headers.ce_kind,
    parent: headers.ce_parent,
    seq: headers.ce_seq,
    source: headers.ce_source,
    subject: headers.ce_subject,
    time: headers.ce_time,
    type: headers.ce_type,
    value: sha256(value),
  };
  const json = JSON.stringify(attributes);
  return sha256(json.includes('\\ud') ? canonicalJson(attributes) : json);
}

/** Identifies a record of the log, to detect that the log was replaced. Stored, so its form never changes. */
export function recordDigest({ headers, value }: Pick<LogRecord, 'headers' | 'value'>): string {
  return sha256(canonicalJson({ headers, value: sha256(value) }));
}

/** The record of a commit, a CloudEvent in Kafka's binary mode. The same draft gives the same bytes. */
export function encode(draft: Draft): NewRecord & { readonly id: string } {
  const { by, events, signed } = draft;
  const value = canonicalJson({ by, events, ...(signed && { signed }) });
  const bytes = Buffer.from(value);
  const first = draft.events[0];
  if (!first) throw new TypeError('A commit holds at least one event.');
  const kind = 'outline' in first.data ? { kind: first.data.outline.kind } : {};
  const message = Kafka.binary(
    new CloudEvent({
      id: placeholderId,
      type: typePrefix + first.type,
      source: draft.source,
      subject: draft.stream,
      time: draft.recorded,
      datacontenttype: contentType,
      data: value,
      parent: draft.parent,
      seq: draft.seq,
      command: draft.command,
      commandhash: draft.commandHash,
      ...kind,
    }),
  );
  const headers = Object.fromEntries(
    Object.entries(message.headers).flatMap(([name, text]) => (text === undefined ? [] : [[name, String(text)]])),
  );
  const id = commitId(headers, bytes);
  return { id, key: draft.stream, headers: { ...headers, ce_id: id }, value: bytes };
}

/** A record of the same commit, at another time and after another parent. It has another id. */
export function copyOf({ key, headers, value }: NewRecord, parent: string, recorded: string) {
  const moved = { ...headers, ce_parent: parent, ce_time: recorded };
  const id = commitId(moved, value);
  return { id, key, headers: { ...moved, ce_id: id }, value };
}

/** A decoded commit with its signature, which no fold reads; or the reason why it cannot be read. */
export type Decoded = { readonly commit: Commit; readonly signed?: Signed } | { readonly unreadable: string };

/**
 * Decodes a winner; every reader of the log gets the same result. Never throws: returns a reason to quarantine the stream if the
 * record cannot be decoded or does not match its id.
 */
export function decode(headers: Headers, value: Uint8Array, verdict: Verdict & { won: true }): Decoded {
  const { stream, id, seq, position } = verdict;
  if (commitId(headers, value) !== id)
    return unreadable('The commit id does not match these bytes: they were altered or forged.');
  if (headers.ce_seq !== String(seq))
    return unreadable(`The commit says it is number ${headers.ce_seq} of its stream; it is ${seq}.`);
  const { ce_parent: parent, ce_time: recorded, ce_command: command } = headers;
  if (!parent || !command) return unreadable('An attribute is missing.');
  if (!recorded || !isInstant(recorded))
    return unreadable('Its time of recording is not ISO 8601 in UTC with milliseconds.');
  const parsed = valueIn(value);
  if ('unreadable' in parsed) return parsed;
  const stray = parsed.events.find(({ type }) => !belongsIn(stream, type));
  if (stray) return unreadable(`A ${stray.type} does not belong in the stream ${stream}.`);
  const { by, events, signed } = parsed;
  const commit = { id, stream, seq, parent, position, recorded, command, by, events };
  return signed ? { commit, signed } : { commit };
}

function valueIn(value: Uint8Array): z.infer<typeof RecordValue> | { readonly unreadable: string } {
  const text = textOf(value) ?? '';
  const json = jsonOf(text);
  const parsed = readValue(json);
  if ('error' in parsed)
    return unreadable(`This version does not know the events’ schema: ${z.prettifyError(parsed.error)}`);
  // A parser may misread text that it accepts: Node 24's does so with some escaped keys (nodejs/node#63785).
  // A byte order mark is not in the text.
  if (Buffer.byteLength(text) !== value.length || !isCanonicalJson(json, text))
    return unreadable('The value is not canonical JSON.');
  return parsed;
}

const Envelope = RecordValue.extend({ events: z.array(z.unknown()).min(1) });

/**
 * Validates like `RecordValue`, but stops at the first bad event: for a record full of them zod would build a message for each, which
 * takes seconds and hundreds of megabytes in every process that reads the log.
 */
function readValue(json: unknown): z.infer<typeof RecordValue> | { readonly error: z.ZodError } {
  const envelope = Envelope.safeParse(json);
  if (!envelope.success) return { error: envelope.error };
  const events: DomainEvent[] = [];
  for (const [at, found] of envelope.data.events.entries()) {
    const read = DomainEvent.safeParse(found);
    if (!read.success) {
      const placed = read.error.issues.map(issue => ({ ...issue, path: ['events', at, ...issue.path] }));
      return { error: new z.ZodError(placed) };
    }
    events.push(read.data);
  }
  const { by, signed } = envelope.data;
  return { by, events, signed };
}

// Date.parse alone also accepts other formats, and trailing text.
const isInstant = (text: string) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;

/** A reason may quote unreadable text, and be cut inside a character. */
const unreadable = (reason: string) => ({
  unreadable: reason.slice(0, 1_000).toWellFormed().replaceAll('\0', '\uFFFD'),
});

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
