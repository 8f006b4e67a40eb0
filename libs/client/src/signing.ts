import type { MadeCertificate } from '#contract';
import type { Command } from './requests.js';

// Signs commands with a key that never leaves this browser or process. It runs in browsers and in Node.

/** A command and its route. */
export interface SignableCommand extends Pick<Command, 'method' | 'body' | 'key'> {
  readonly path: string;
}

/** The stored name of the act of each route. `:` is the place of an id. */
export const actOfRoute: Readonly<Record<string, string>> = {
  stories: 'open-story',
  'stories/:/amend': 'amend-story',
  'stories/:/developments': 'record-development',
  'stories/:/developments/:/correct': 'correct-development',
  'stories/:/developments/:/classify': 'classify-development',
  'stories/:/developments/:/edit': 'copy-edit-development',
  'stories/:/developments/:/recapture': 'recapture-development',
  'stories/:/developments/:/retract': 'retract-development',
  'stories/:/developments/:/verify': 'verify-development',
  'stories/:/developments/:/dispute': 'dispute-development',
  'stories/:/developments/:/supersede': 'supersede-development',
  'stories/:/developments/:/pin': 'pin-development',
  'stories/:/developments/:/unpin': 'unpin-development',
  'stories/:/developments/:/mark-key': 'mark-key',
  'stories/:/developments/:/unmark-key': 'unmark-key',
  'stories/:/developments/:/embargo': 'change-embargo',
  'stories/:/developments/:/lift': 'lift-embargo',
  'stories/:/developments/:/link': 'link-development',
  'stories/:/developments/:/unlink': 'unlink-development',
  'stories/:/developments/:/propose-retraction': 'propose-retraction',
  'stories/:/developments/:/propose-takedown': 'propose-takedown',
  'stories/:/texts/:/propose-takedown': 'propose-text-takedown',
  'stories/:/proposals/:/approve': 'approve-proposal',
  'stories/:/proposals/:/withdraw': 'withdraw-proposal',
  'stories/:/conditions/:/settle': 'settle-condition',
  'stories/:/approvals': 'require-approvals',
  'stories/:/propose-approvals': 'propose-approvals',
  'stories/:/posting-defaults': 'set-posting-defaults',
  'stories/:/key-points': 'set-key-points',
  'stories/:/members': 'name-member',
  'stories/:/remove-member': 'remove-member',
  'stories/:/review': 'set-review',
  'stories/:/submissions': 'submit-development',
  'stories/:/developments/:/approve-submission': 'approve-submission',
  'stories/:/developments/:/return-submission': 'return-submission',
  'stories/:/close': 'close-story',
  'stories/:/reopen': 'reopen-story',
  actors: 'register-actor',
  'actors/:': 'amend-actor',
  'actors/:/propose-takedown': 'propose-actor-takedown',
  'actors/:/proposals/:/approve': 'approve-actor-takedown',
  'actors/:/proposals/:/withdraw': 'withdraw-actor-takedown',
};

const singular: Readonly<Record<string, string>> = {
  stories: 'story',
  developments: 'development',
  texts: 'text',
  conditions: 'condition',
  proposals: 'proposal',
  actors: 'actor',
};

type Json = Readonly<Record<string, unknown>>;

/** RFC 8785 canonical JSON of a JSON value. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  // Code units are the order of RFC 8785, and of `<`.
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`;
}

const inUtc = (text: unknown): unknown =>
  typeof text === 'string' && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : text;

/** The content without the tickets of its pictures and recordings, which the hash of a command does not cover. */
function withoutTickets({ media, captures, ...content }: Json): Json {
  return {
    ...content,
    ...(Array.isArray(media) ? { media: media.map(ofMedium) } : { media }),
    ...(Array.isArray(captures) ? { captures: captures.map(ofCapture) } : { captures }),
  };
}

const withoutTicket = ({ ticket: _, ...file }: Json): Json => file;
const ofMedium = ({ recording, captions, ...picture }: Json): Json => ({
  ...withoutTicket(picture),
  ...(recording ? { recording: withoutTicket(recording as Json) } : {}),
  ...(captions ? { captions: withoutTicket(captions as Json) } : {}),
});
const ofPage = (page: Json): Json => (page.picture ? { ...page, picture: withoutTicket(page.picture as Json) } : page);
const ofCapture = (capture: Json): Json =>
  capture.again ? { ...ofPage(capture), again: ofPage(capture.again as Json) } : ofPage(capture);

/** Ids of developments and texts have no case; the newsroom has them in lower case. */
const inLowerCase = (id: unknown): unknown => (typeof id === 'string' && isUuid.test(id) ? id.toLowerCase() : id);
const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** The fields of bodies, but for key points, that hold an id of a development. */
const idFields = ['by', 'development', 'supersedes', 'to'];
const ofPoint = ({ point, cites, ...words }: Json): Json => ({
  ...words,
  point: inLowerCase(point),
  cites: Array.isArray(cites) ? cites.map(inLowerCase) : cites,
});
const withIds = (body: Json): Json =>
  Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      if (name === 'points' && Array.isArray(value)) return [name, value.map(ofPoint)];
      return [name, idFields.includes(name) ? inLowerCase(value) : value];
    }),
  );

/** The body as the hash covers it: some instants in UTC, ids in lower case, with lists that were left out, without tickets. */
function asValidated(does: string, sent: Json): Json {
  const body = withIds(sent);
  const converted: Record<string, unknown> = does === 'recapture-development' ? withoutTickets(body) : { ...body };
  const fields = does === 'change-embargo' ? ['until'] : ['starts', 'ends', 'ended'];
  for (const name of fields) if (name in body) converted[name] = inUtc(body[name]);
  const { embargo, content } = body as { embargo?: Json; content?: Json };
  if (content) converted.content = withoutTickets(content);
  if (embargo?.until !== undefined) converted.embargo = { ...embargo, until: inUtc(embargo.until) };
  if (does === 'register-actor' || does === 'amend-actor') return { aliases: [], affiliations: [], ...converted };
  return converted;
}

interface Meant {
  readonly stream: string;
  readonly does: string;
  readonly target: Json;
  readonly body: Json;
}

/** A command, as its hash covers it. Undefined if the route is none of an act. */
export function meantBy({ path, body }: SignableCommand): Meant | undefined {
  const steps = path.split('/').slice(1).map(decodeURIComponent);
  const route = steps.map((step, at) => (isId(steps, at) ? ':' : step)).join('/');
  const does = Object.hasOwn(actOfRoute, route) ? actOfRoute[route]! : undefined;
  if (does === undefined) return undefined;
  const sent = (body === undefined ? {} : JSON.parse(JSON.stringify(body))) as Json;
  const ids = Object.fromEntries(
    steps.flatMap((step, at) => (isId(steps, at) ? [[singular[steps[at - 1]!]!, inLowerCase(step)] as const] : [])),
  );
  const { id, ...rest } = sent;
  const isNew = steps.length === 1;
  const target = isNew ? { [singular[steps[0]!]!]: id } : ids;
  const { story, actor } = target;
  const stream = story === undefined ? `actor:${String(actor)}` : `story:${String(story)}`;
  return { stream, does, target, body: asValidated(does, isNew ? rest : sent) };
}

/** Whether the step of a path is an id: it comes after the name of a list. */
const isId = (steps: readonly string[], at: number): boolean => at % 2 === 1 && Object.hasOwn(singular, steps[at - 1]!);

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const;
const utf8 = (text: string) => new TextEncoder().encode(text);
const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const hex = (bytes: ArrayBuffer) => [...new Uint8Array(bytes)].map(byte => byte.toString(16).padStart(2, '0')).join('');

/** Makes a key pair whose private half no script can read. Undefined where there is no WebCrypto: on pages without https. */
export async function newKeyPair(): Promise<CryptoKeyPair | undefined> {
  return globalThis.crypto?.subtle?.generateKey(algorithm, false, ['sign', 'verify']);
}

/** Renewed when less than this part of its time is left. */
const renewedAt = 1 / 3;

/** When a newsroom that certifies no keys is asked again, in milliseconds. */
const askedAgainMs = 60_000;

type Ask = (path: string, init: RequestInit) => Promise<Response>;
type Held = MadeCertificate & {
  /** How far the newsroom's clock is ahead of this machine's, in milliseconds. */
  readonly ahead: number;
};

/** Signs the commands of one person, or one program, with one key. */
export class CommandSigner {
  private held: Promise<Held | undefined> | undefined;
  /** The instants between which it is used, in milliseconds since 1970: a clock that is put back, too, makes it useless. */
  private used = { from: 0, until: 0 };

  /** `ask`: `fetch` with the person's credentials. */
  constructor(
    private readonly key: CryptoKeyPair,
    private readonly ask: Ask,
  ) {}

  /** The certificate; undefined if the newsroom certifies no keys, or does not answer. */
  certificate(): Promise<MadeCertificate | undefined> {
    const now = Date.now();
    if (!this.held || now < this.used.from || now >= this.used.until) this.held = this.certified();
    return this.held;
  }

  /** Asks for a new certificate next time. */
  forget(): void {
    this.held = undefined;
  }

  /** The headers that sign a command; none if it cannot be signed. */
  async headers(command: SignableCommand): Promise<Record<string, string>> {
    const meant = meantBy(command);
    const held = meant && ((await this.certificate()) as Held | undefined);
    if (!meant || !held) return {};
    const { does, target, body, stream } = meant;
    const { by, log, certificate, ahead } = held;
    const commandhash = hex(await crypto.subtle.digest('SHA-256', utf8(canonical({ does, by, target, body }))));
    const time = new Date(Date.now() + ahead).toISOString();
    const statement = canonical({ by, command: command.key, commandhash, log, stream, time });
    const head = JSON.stringify({ alg: 'ES256', typ: 'dateline-command+jws' });
    const input = `${base64url(utf8(head))}.${base64url(utf8(statement))}`;
    const signature = new Uint8Array(await crypto.subtle.sign(signing, this.key.privateKey, utf8(input)));
    return { 'Dateline-Certificate': certificate, 'Dateline-Signature': `${input}.${base64url(signature)}` };
  }

  private async certified(): Promise<Held | undefined> {
    this.used = { from: -Infinity, until: Infinity };
    const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', this.key.publicKey);
    const response = await this.ask(`/certificates?x=${x}&y=${y}`, {}).catch(() => undefined);
    if (!response?.ok) {
      // A newsroom without a certifying key is asked again after a while, one that did not answer with the next command.
      this.usedFor(response?.status === 404 ? askedAgainMs : 0);
      return undefined;
    }
    const made = (await response.json()) as MadeCertificate;
    const [now, lasts] = [Date.now(), Date.parse(made.expires) - Date.parse(made.now)];
    this.usedFor(lasts * (1 - renewedAt), now);
    return { ...made, ahead: Date.parse(made.now) - now };
  }

  private usedFor(ms: number, from = Date.now()): void {
    this.used = { from, until: from + ms };
  }
}
