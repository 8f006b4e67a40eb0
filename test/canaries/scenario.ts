import { CaptureProofs } from '#captures/ask';
import { catalogue, type SentCapture } from '#domain';
import { bodyOf, fateOf, fixedInCaptures, placeOf, taken, type Fate, type Name, type Place } from './places.js';
import type { Path } from './sample.js';

/** A word that somebody wrote in a place. No two are the same, and none is a part of another. */
export interface Canary {
  readonly word: string;
  readonly place: Place;
  readonly fate: Fate;
}

/** Who acts: the editors `ann` and `ben`, and `lea`, a lawyer. */
export type Person = 'ann' | 'ben' | 'lea';
/** Sends a command that the log has to record. */
export type Send = (
  by: Person,
  path: string,
  body: object,
  method?: 'post' | 'put',
) => Promise<{ readonly development?: string; readonly commit: string }>;

/** A filling of the body of a report or of a classification, for a kind. */
interface Reporting {
  readonly kind?: string;
  readonly without?: readonly Path[];
  readonly fixed?: Readonly<Record<Path, unknown>>;
}

/** Fields of a kind's data that other fields rule out: one filling for each list. */
const either: Readonly<Record<string, readonly (readonly Path[])[]>> = {
  statement: [['quote'], ['paraphrase']],
  incident: [['counts[].least', 'counts[].most']],
  result: [['tally[].party', 'tally[].fortune']],
};
const fillingsOf = (kind: string) => either[kind] ?? [[]];
const classified = catalogue.filter(({ unclassified }) => !unclassified).map(({ kind }) => kind);

const header = { zone: 'UTC', language: 'en' };
/** The newsroom's secret by which captures are proven. */
export const fetcherSecret = 'the secret of the canaries, long enough';
const proofs = new CaptureProofs(fetcherSecret);

/** The body with its captures as the newsroom would have made them. */
function proven<Body extends object>(body: Body): Body {
  const { content, captures } = body as { content?: { captures?: SentCapture[] }; captures?: SentCapture[] };
  if (captures) return { ...body, captures: captures.map(provenCapture) };
  return content?.captures ? { ...body, content: { ...content, captures: content.captures.map(provenCapture) } } : body;
}

function provenCapture({ proof: _, at, again, ...page }: SentCapture): SentCapture {
  const first = proofs.proven(page, at);
  if (!again) return first;
  const { sources = [], answeredBy, title, author, site, published, text, sha256 } = again;
  const said = { answeredBy, title, author, site, published, text, sha256 };
  const { url: _url, ...proven } = proofs.proven({ url: page.url, ...said, sources }, again.at);
  return { ...first, again: proven };
}

const report = {
  'content.occurred': { from: '2026-05-01T09:00:00Z', precision: 'minute' },
  'content.sourcing.basis': 'official',
  'content.modality.mode': 'conditional',
  ...fixedInCaptures,
};
// Pictures come from files: test/e2e/pictures.e2e.ts looks for their words.
const aside: readonly Path[] = ['content.media', 'content.sourcing.actor', 'supersedes', 'key', 'embargo'];

/** Enough for the longest body, as a body names each actor once. */
const actors = ['goose', 'heron', 'ibis', 'jay', 'kite', 'lark'];

// A search finds words by their stems. No English ending consists of these letters alone, so no two words have one stem.
const alphabet = 'bcdfghjkmnpqrtvwxz';
function wordOf(n: number): string {
  let letters = '';
  for (let rest = n, i = 0; i < 4; rest = Math.floor(rest / alphabet.length), i++)
    letters = alphabet[rest % alphabet.length]! + letters;
  return `canary${letters}`;
}

const anyWord = new RegExp(`canary[${alphabet}]{4}`, 'g');

/** The words that a text holds, in capitals too; found in one pass, since texts are long and words are many. */
export const wordsIn = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().match(anyWord));

type Takedown = 'proposeTakedown' | 'proposeTextTakedown' | 'proposeActorTakedown';

/** Plays a story in which every field of every act holds a word of its own. */
export class Scenario {
  readonly canaries: Canary[] = [];
  readonly developments: string[] = [];
  private named = 0;
  private readonly base: string;

  constructor(
    private readonly send: Send,
    private readonly story: string,
    /** What is withheld from readers: nothing, or every development. */
    private readonly embargo: boolean,
    /** The number of its first word. */
    private readonly from = 0,
  ) {
    this.base = `/stories/${story}`;
  }

  /** Registers the actors that reports name. */
  static async cast(send: Send): Promise<void> {
    for (const id of actors) await send('ann', '/actors', { id, name: `The ${id}`, kind: 'group' });
  }

  async play(): Promise<void> {
    const { send, base, story } = this;
    await send('ann', '/stories', this.body('openStory', { fixed: { id: story, ...header } }));
    await send('ann', `${base}/amend`, this.body('amendStory', { fixed: header }));
    const [finch, wren, none] = [`finch-of-${story}`, `wren-of-${story}`, { affiliations: [] }];
    await send('ann', '/actors', this.body('registerActor', { fixed: { id: finch, ...none } }));
    await send('ann', '/actors', { id: wren, name: `Wren ${story}`, kind: 'person' });
    await send('ann', `/actors/${wren}`, this.body('amendActor', { fixed: none }), 'put');
    for (const actor of [finch, wren]) await this.update({ headline: 'It sings.' }, actor);
    for (const { kind } of catalogue) for (const without of fillingsOf(kind)) await this.reported(kind, without);
    for (const kind of classified) for (const without of fillingsOf(kind)) await this.classified(kind, without);
    await send('ann', `${base}/members`, { member: 'ben', role: 'editor' });
    for (const { kind } of catalogue) for (const without of fillingsOf(kind)) await this.submitted(kind, without);
    await this.checked();
    if (!this.embargo) {
      await this.settled();
      await this.known();
    }
    await this.loosened();
    await this.joined();
    await send('ann', `${base}/close`, this.body('closeStory', { without: ['continues', 'ended'] }));
    await send('ann', `${base}/reopen`, this.body('reopenStory'));
    await this.withdrawn();
  }

  /** Two people take down every development, every text, and the entries of the two actors. */
  async takeDown(texts: readonly string[]): Promise<void> {
    for (const id of this.developments) await this.takenDown('proposeTakedown', this.on(id, 'propose-takedown'));
    for (const id of texts) await this.takenDown('proposeTextTakedown', `${this.base}/texts/${id}/propose-takedown`);
    const entries = [`/actors/finch-of-${this.story}`, `/actors/wren-of-${this.story}`];
    const { commit } = await this.proposed('proposeActorTakedown', `${entries[0]}/propose-takedown`);
    await this.send('lea', `${entries[0]}/proposals/${commit}/withdraw`, this.body('withdrawActorTakedown'));
    for (const entry of entries) await this.takenDown('proposeActorTakedown', `${entry}/propose-takedown`, entry);
  }

  private async takenDown(act: Takedown, path: string, base = this.base): Promise<void> {
    const { commit } = await this.proposed(act, path);
    await this.send('lea', `${base}/proposals/${commit}/approve`, {});
  }

  private proposed(act: Takedown, path: string) {
    return this.send('ann', path, this.body(act, { fixed: { as: 'editor' } }));
  }

  private async reported(kind: string, without: readonly Path[]): Promise<void> {
    const filling = { kind, fixed: report, without: [...aside, ...without.map(field => `content.data.${field}`)] };
    const id = await this.records(this.body('recordDevelopment', filling));
    await this.send('ann', this.on(id, 'correct'), this.body('correct', filling));
  }

  /** What is submitted waits in the story in which everything is withheld; in the other one it comes back once and is then approved. */
  private async submitted(kind: string, without: readonly Path[]): Promise<void> {
    const { send, base } = this;
    const filling = { kind, fixed: report, without: [...aside, ...without.map(field => `content.data.${field}`)] };
    const body = this.body('submitDevelopment', filling) as { readonly content: object };
    const { development, commit } = await send('ann', `${base}/submissions`, body);
    const id = development!;
    this.developments.push(id);
    if (kind !== 'update') return this.embargo ? undefined : void (await this.approves(id, commit));
    await send('ben', this.on(id, 'return-submission'), this.body('returnSubmission', { fixed: { commit } }));
    const content = { ...body.content, occurred: { precision: 'unknown' } };
    const revised = await send('ann', this.on(id, 'correct'), {
      content,
      wrong: 'The time.',
      reason: 'Nobody knows it.',
    });
    if (!this.embargo) await this.approves(id, revised.commit);
  }

  private approves(id: string, commit: string) {
    return this.send('ben', this.on(id, 'approve-submission'), { commit });
  }

  private async classified(kind: string, without: readonly Path[]): Promise<void> {
    // Some kinds are only for what is conditional.
    const id = await this.update({ headline: `It sings, ${kind}.`, modality: this.ifQuiet });
    const filling = { kind, without: without.map(field => `data.${field}`) };
    await this.send('ann', this.on(id, 'classify'), this.body('classify', filling));
  }

  /** What else people write about a development. */
  private async checked(): Promise<void> {
    // The edit mends a slip in the words that the canaries are among.
    const { headline, body, ...edit } = this.body('copyEdit') as Record<'headline' | 'body', string>;
    const slip = (text: string) => text.replace('sings', 'sngs');
    const id = await this.update({ headline: slip(headline), body: slip(body) });
    await this.send('ann', this.on(id, 'edit'), { headline, body, ...edit });
    await this.recaptured();
    await this.send('ann', this.on(id, 'verify'), this.body('verify'));
    await this.send('ann', this.on(id, 'dispute'), this.body('dispute'));
    const retracted = await this.update({ headline: 'It is quiet.' });
    await this.send('ann', this.on(retracted, 'retract'), this.body('retract'));
  }

  /** The page of a link says other words when it is captured again. */
  private async recaptured(): Promise<void> {
    const { captures } = this.body('recapture', { fixed: fixedInCaptures }) as { captures: SentCapture[] };
    const first = captures.map(({ again: _, ...capture }) => capture);
    const id = await this.update({ headline: 'It sings of a page.', captures: first });
    await this.send('ann', this.on(id, 'recapture'), { captures });
  }

  private async withdrawn(): Promise<void> {
    const id = await this.update({ headline: 'It sings louder.' });
    const { commit } = await this.send('ann', this.on(id, 'propose-retraction'), this.body('proposeRetraction'));
    await this.send('ann', `${this.base}/proposals/${commit}/withdraw`, this.body('withdraw'));
  }

  private async settled(): Promise<void> {
    const body = this.body('settleCondition', { without: ['development'] });
    await this.send('ann', `${this.base}/conditions/quiet-in-${this.story}/settle`, body);
  }

  private async known(): Promise<void> {
    const cites = [await this.update({ headline: 'It still sings.' })];
    const filling = { without: ['points[].point', 'points[].checked'], fixed: { 'points[].cites': cites } };
    await this.send('ann', `${this.base}/key-points`, this.body('setKeyPoints', filling));
  }

  private async loosened(): Promise<void> {
    await this.send('lea', `${this.base}/approvals`, { acts: ['retract'] });
    const body = this.body('proposeApprovals', { fixed: { acts: [] } });
    const { commit } = await this.send('lea', `${this.base}/propose-approvals`, body);
    await this.send('ann', `${this.base}/proposals/${commit}/approve`, {});
  }

  /** Somebody comes into the team and stays, and somebody else is out of it again. */
  private async joined(): Promise<void> {
    await this.send('ann', `${this.base}/members`, this.body('nameMember'));
    const removal = this.body('removeMember') as { readonly member: string };
    await this.send('ann', `${this.base}/members`, { ...removal, role: 'editor' });
    await this.send('ann', `${this.base}/remove-member`, removal);
  }

  private get ifQuiet() {
    return { mode: 'conditional', conditions: [{ id: `quiet-in-${this.story}`, text: 'it is quiet' }] };
  }

  /** Records a plain update, whose words are no canaries, on a source. */
  private update(more: object, actor?: string): Promise<string> {
    const sourcing = actor && { basis: 'official', standing: 'reported', actor };
    return this.records({ content: { kind: 'update', body: 'It sings.', ...(sourcing && { sourcing }), ...more } });
  }

  private async records(body: object): Promise<string> {
    const withheld = this.embargo && { embargo: {} };
    const { development } = await this.send('ann', `${this.base}/developments`, { ...body, ...withheld });
    this.developments.push(development!);
    return development!;
  }

  private readonly on = (development: string, act: string) => `${this.base}/developments/${development}/${act}`;

  /** The body of an act, with a canary in each of its fields. */
  private body(act: Name, more: Reporting = {}): object {
    const write = (path: Path) => this.write(act, path, more.kind);
    return proven(taken(act, bodyOf(act, { write, actor: () => this.actor(), ...more })));
  }

  private write(act: Name, path: Path, kind?: string): string {
    const word = wordOf(this.from + this.canaries.length);
    const place = placeOf(act, path, kind);
    this.canaries.push({ word, place, fate: fateOf(act, place) });
    return word;
  }

  private actor(): string {
    return actors[this.named++ % actors.length]!;
  }
}
