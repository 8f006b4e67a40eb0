import {
  canonicalJson,
  forgottenPayload,
  outlineOf,
  payloadSchemas,
  type Commit,
  type Content,
  type DomainEvent,
  type ForgottenPayload,
  jsonOf,
  keyIdOf,
  type OpaqueEvent,
  type OpenCommit,
  type OpenEvent,
  type Outline,
  type Payloads,
  type PayloadType,
} from '#domain';
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { decryptJwe, encryptJwe } from './jwe.js';
import { KeyStoreError, type Key, type Keys, type KeyStore } from './port.js';

// A secret is two keys: the first half encrypts, the second computes digests.
const half = 32;
/** A random secret: 64 bytes. */
export const newSecret = (): Uint8Array => randomBytes(2 * half);
// As a KeyObject, because Node takes four times as long to encrypt with raw bytes.
const sealing = (secret: Uint8Array) => createSecretKey(secret.subarray(0, half));
const digesting = (secret: Uint8Array) => createSecretKey(secret.subarray(half));

/** Secrets by the id of their development or text. */
export type Secrets = ReadonlyMap<string, Uint8Array>;

/** The outline of a content under its development's secret; without a secret, an outline whose digest matches no content. */
export const outlined = (content: Content, secret: Uint8Array | undefined): Outline =>
  outlineOf(
    content,
    secret ? createHmac('sha256', digesting(secret)).update(canonicalJson(content)).digest('hex') : '0'.repeat(64),
  );

type EventWithPayload<Event extends OpaqueEvent | DomainEvent | OpenEvent> = Extract<Event, { type: PayloadType }>;
const hasPayload = <Event extends OpaqueEvent | DomainEvent | OpenEvent>(
  event: Event,
): event is EventWithPayload<Event> => Object.hasOwn(payloadSchemas, event.type);

/** The ids of the keys of these events' payloads: developments, and texts of stories. Each one once. */
export const keyIdsIn = (events: readonly (OpaqueEvent | DomainEvent)[]): Set<string> =>
  new Set(events.filter(hasPayload).map(({ data }) => keyIdOf(data)));

type Keyed = Parameters<typeof keyIdOf>[0];

/** Binds a sealed text to its stream, key and event type, so that it cannot be moved to another. */
const placeOf = (stream: string, { type, data }: { type: string; data: Keyed }) => ({
  kid: keyIdOf(data),
  stream,
  event: type,
});

/** Seals the events for the log. Throws if a secret is missing. */
export const seal = (stream: string, events: readonly OpaqueEvent[], secrets: Pick<Secrets, 'get'>): DomainEvent[] =>
  events.map(event => {
    if (!hasPayload(event)) return event as DomainEvent;
    const id = keyIdOf(event.data);
    const secret = secrets.get(id);
    if (!secret) throw new TypeError(`The secret of ${id} is missing.`);
    const told = encryptJwe(sealing(secret), placeOf(stream, event), canonicalJson(event.data.told));
    return { ...event, data: { ...event.data, told } } as DomainEvent;
  });

/** An opened commit, or the reason why it cannot be opened. */
export type Unsealed =
  { readonly commit: OpenCommit } | { readonly unreadable: string; readonly because: KeyStoreError };

/** Opens the commit's payloads, as far as their keys still exist. A payload that does not open is a fault of the log or of the store. */
export function open(commit: Commit, keys: Pick<Keys, 'get'>): Unsealed {
  const events: OpenEvent[] = [];
  for (const event of commit.events) {
    const opened = hasPayload(event) ? openOne(commit.stream, event, keys) : (event as OpenEvent);
    if (opened instanceof KeyStoreError) return { unreadable: opened.message, because: opened };
    events.push(opened);
  }
  return { commit: { ...commit, events, sealed: commit.events } };
}

function openOne(
  stream: string,
  event: EventWithPayload<DomainEvent>,
  keys: Pick<Keys, 'get'>,
): OpenEvent | KeyStoreError {
  const { type, data } = event;
  const key = keys.get(keyIdOf(data));
  const told = unsealed(stream, type, data, key);
  if (told instanceof KeyStoreError) return told;
  if (told && key && 'secret' in key && 'content' in told && 'outline' in data) {
    const due = outlined(told.content, key.secret);
    if (canonicalJson(due) !== canonicalJson(data.outline))
      return unreadable(type, data, 'its public metadata belongs to other content');
  }
  return { ...event, data: { ...data, told } } as OpenEvent;
}

type About = Keyed & { readonly told: string };

/** The payload of an event of this type; null if its key was destroyed. Throws a KeyStoreError. */
export function openPayload<Type extends PayloadType>(
  stream: string,
  type: Type,
  about: About,
  key: Key | undefined,
): Payloads[Type] | ForgottenPayload {
  const told = unsealed(stream, type, about, key);
  if (told instanceof KeyStoreError) throw told;
  return told as Payloads[Type] | ForgottenPayload;
}

const unreadable = (type: PayloadType, about: About, what: string) =>
  new KeyStoreError('sealed-unreadable', `${type} of ${keyIdOf(about)}: ${what}`);

function unsealed(
  stream: string,
  type: PayloadType,
  data: About,
  key: Key | undefined,
): Payloads[PayloadType] | ForgottenPayload | KeyStoreError {
  if (!key) return new KeyStoreError('key-missing', keyIdOf(data));
  if ('destroyed' in key) return forgottenPayload;
  const plain = decryptJwe(sealing(key.secret), placeOf(stream, { type, data }), data.told);
  if (!plain) return unreadable(type, data, 'its key does not decrypt it at this place of the log');
  const told = jsonOf(plain.toString());
  const parsed = payloadSchemas[type].safeParse(told);
  if (!parsed.success) return unreadable(type, data, 'this version does not know its schema');
  // As for a whole commit: the parsed value must match the bytes.
  if (canonicalJson(told) !== plain.toString()) return unreadable(type, data, 'it is not canonical JSON');
  return parsed.data;
}

/** Opens commits that were valid before, with the keys that exist now. Rejects with a KeyStoreError. */
export async function openAll(store: Pick<KeyStore, 'keysOf'>, commits: readonly Commit[]): Promise<OpenCommit[]> {
  const keys = await store.keysOf(keyIdsIn(commits.flatMap(({ events }) => events)));
  return commits.map(commit => {
    const opening = open(commit, keys);
    if ('commit' in opening) return opening.commit;
    throw opening.because;
  });
}
