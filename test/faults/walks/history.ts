import {
  actorStream,
  amendActor,
  approveActorTakedown,
  decisions,
  digest,
  evolve,
  evolveActor,
  isRefusal,
  noActor,
  noStory,
  proposeActorTakedown,
  registerActor,
  storyStream,
  type ActorDecision,
  type ActorState,
  type CommitAuthor,
  type Content,
  type OpaqueEvent,
  type StoryDecision,
  type StoryState,
} from '#domain';
import { arbitrate, emptyLog, encode, headOf, logStream, type Arbitration, type NewRecord } from '#event-log';
import { outlined, seal } from '#keys';
import { createHash } from 'node:crypto';
import type { Random } from '../simulator/random.js';

/** A word that occurs once in the log, in a development's content or an actor's entry. */
export interface Word {
  readonly text: string;
  /** The position from which readers may have it; infinite where it was replaced under an embargo. */
  shownFrom: number;
}

/** A record of the log, and what follows from it. */
export interface Entry {
  readonly record: NewRecord;
  /** For the person who reads a failed walk. */
  readonly what: string;
  /** Its position; undefined for a record that is void. */
  readonly position: number | undefined;
  /** The ids of keys that the newsroom makes before it sends the record. */
  readonly keys: readonly string[];
  /** What it takes down; empty for most. */
  readonly gone: readonly Word[];
}

export const secretOf = (id: string): Uint8Array => createHash('sha512').update(id).digest();
const secrets = { get: secretOf };
const idOf = (number: number, first = '00000000') => `${first}-0000-4000-8000-${String(number).padStart(12, '0')}`;

// No English ending consists of these letters, so that a search keeps the words as they are.
const letters = 'bcdfghjkmnpqrtvwxz';
const wordOf = (number: number) =>
  `zq${[0, 1, 2].map(at => letters[Math.floor(number / letters.length ** at) % letters.length]).join('')}zq`;

const anyWord = new RegExp(`zq[${letters}]{3}zq`, 'g');
/** The words of a history that a text holds. */
export const wordsIn = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().match(anyWord));

const editor: CommitAuthor = { id: 'ed', name: 'Ed' };
const lawyer: CommitAuthor = { id: 'la', name: 'La' };
const reason = 'Because.';
const source = 'urn:dateline:walk';
const stories = ['storm', 'vote'];
const actors = ['mayor', 'harbour'];

interface Development {
  readonly id: string;
  readonly story: string;
  /** All its words, the current one last. */
  readonly words: Word[];
  isEmbargoed: boolean;
  isOver: boolean;
}

/** What a commit is, besides its events. */
type About = Pick<Entry, 'what'> & Partial<Pick<Entry, 'keys' | 'gone'>> & { readonly by?: CommitAuthor };
const textsOf = (words: readonly Word[]) => words.map(({ text }) => text).join();

/** How often an act comes, and the act. */
type Weighed = readonly [weight: number, act: () => void];

/** What a newsroom recorded, as editors decide it: each commit on the head of its stream. The same random numbers give the same acts. */
export class History {
  readonly entries: Entry[] = [];
  readonly words: Word[] = [];
  readonly #stories = new Map<string, StoryState>();
  readonly #actors = new Map<string, { state: ActorState; words: Word[] }>();
  readonly #developments: Development[] = [];
  /** Streams that an unreadable record ended: editors refuse to write there, and only a takedown may still come. */
  readonly #ended = new Set<string>();
  #log: Arbitration = emptyLog;
  #named = 0;

  constructor(
    private readonly random: Random,
    acts: number,
  ) {
    this.#append(logStream, [{ type: 'LogOpened', data: { name: source } }], { what: 'opens the log' });
    for (const actor of actors) this.#writeEntry(actor);
    for (const story of stories) this.#open(story);
    // Many an act is refused, as where its story is closed.
    for (let tries = 0; tries < 20 * acts && this.entries.length < acts; tries++) this.#act();
  }

  #act(): void {
    const { random } = this;
    const story = random.pick(stories);
    const actor = random.pick(actors);
    const known = this.#developments;
    const development = known.length > 0 ? random.pick(known) : undefined;
    const isClosed = this.#stories.get(story)?.status === 'closed';
    const onDevelopment: readonly Weighed[] = development
      ? [
          [14, () => this.#correct(development)],
          [6, () => this.#retract(development)],
          [8, () => this.#lift(development)],
          [16, () => this.#takeDown(development)],
        ]
      : [];
    const acts: readonly Weighed[] = [
      [34, () => this.#record(story, random.chance(0.25))],
      ...onDevelopment,
      [6, () => this.#writeEntry(actor)],
      [5, () => this.#takeDownEntry(actor)],
      [isClosed ? 40 : 4, () => this.#turn(story, !isClosed)],
      [2, () => this.#forge(story)],
      [4, () => this.#repeat()],
    ];
    let left = random.below(acts.reduce((sum, [weight]) => sum + weight, 0));
    acts.find(([weight]) => (left -= weight) < 0)![1]();
  }

  #open(story: string): void {
    const text = this.#newText();
    const told = { title: `The ${story}` };
    this.#decide(story, decisions.openStory({ text, zone: 'Europe/Oslo', told }), { what: 'opens', keys: [text] });
  }

  #record(story: string, isEmbargoed: boolean): void {
    const id = idOf(this.#named++);
    const word = this.#word(isEmbargoed);
    const decision = decisions.recordDevelopment({ ...this.#content(id, word), ...(isEmbargoed && { embargo: {} }) });
    const what = `records ${word.text}${isEmbargoed ? ' under an embargo' : ''}`;
    if (!this.#decide(story, decision, { what, keys: [id] })) return;
    this.#developments.push({ id, story, words: [word], isEmbargoed, isOver: false });
  }

  #correct({ id, story, words, isEmbargoed }: Development): void {
    const word = this.#word(isEmbargoed);
    const { told, ...content } = this.#content(id, word);
    const decision = decisions.correct({ ...content, told: { ...told, wrong: 'A word.', reason } });
    if (this.#decide(story, decision, { what: `corrects ${words[0]!.text} to ${word.text}` })) words.push(word);
  }

  #retract({ id, story, words }: Development): void {
    const what = `retracts ${words[0]!.text}`;
    this.#decide(story, decisions.retract({ development: id, told: { reason } }), { what });
  }

  #lift(development: Development): void {
    const { id, story, words, isEmbargoed } = development;
    const decision = decisions.liftEmbargo({ development: id });
    if (!isEmbargoed || !this.#decide(story, decision, { what: `lifts ${words[0]!.text}` })) return;
    development.isEmbargoed = false;
    words.at(-1)!.shownFrom = this.#log.position;
  }

  #takeDown(development: Development): void {
    const { id, story, words, isOver } = development;
    const proposed = { development: id, ground: 'court-order' as const, as: 'editor' as const, told: { reason } };
    const what = `proposes to take down ${words[0]!.text}`;
    if (isOver || !this.#decide(story, decisions.proposeTakedown(proposed), { what })) return;
    const proposal = headOf(this.#log, storyStream(story)).id;
    const approval = decisions.approve({ proposal, as: 'legal', by: lawyer, told: undefined });
    this.#decide(story, approval, { what: `takes down ${textsOf(words)}`, gone: words, by: lawyer });
    development.isOver = true;
  }

  #writeEntry(actor: string): void {
    const text = this.#newText();
    const word = this.#word(false);
    const entry = { text, told: { name: word.text, aliases: [] }, kind: 'person' as const, affiliations: [] };
    const decision = this.#actors.has(actor) ? amendActor(entry) : registerActor(entry);
    if (this.#decideOn(actor, decision, { what: `names ${actor} ${word.text}`, keys: [text] }))
      this.#actors.get(actor)!.words.push(word);
  }

  #takeDownEntry(actor: string): void {
    const proposed = proposeActorTakedown({ told: { reason }, ground: 'privacy', as: 'editor' });
    if (!this.#decideOn(actor, proposed, { what: `proposes to take down ${actor}` })) return;
    const proposal = headOf(this.#log, actorStream(actor)).id;
    const gone = this.#actors.get(actor)!.words.splice(0);
    const approval = approveActorTakedown({ proposal, as: 'legal', by: lawyer, rules: 2 });
    this.#decideOn(actor, approval, { what: `takes down ${actor}: ${textsOf(gone)}`, gone, by: lawyer });
  }

  #turn(story: string, isOpen: boolean): void {
    const [text, ended] = [this.#newText(), this.#time()];
    const closing = decisions.closeStory({ text, ended, told: {} });
    const decision = isOpen ? closing : decisions.reopenStory({ text, told: {} });
    this.#decide(story, decision, { what: isOpen ? 'closes' : 'reopens', keys: [text] });
  }

  /** A record that wins, and that no version can read. */
  #forge(story: string): void {
    const stream = storyStream(story);
    if (this.#ended.size > 0) return;
    const { record } = this.#encoded(stream, [{ type: 'StoryClosed', data: {} }], editor);
    this.#send({ ...record, value: Buffer.from('{"from":"nowhere"}') }, { what: `forges a record in ${story}` });
    this.#ended.add(stream);
  }

  /** The last record again: it is void. */
  #repeat(): void {
    this.#send(this.entries.at(-1)!.record, { what: 'sends the last record again' });
  }

  #content(id: string, { text }: Word) {
    const content: Content = {
      kind: 'statement',
      headline: `Mayor: ${text}`,
      data: { speaker: 'mayor', quote: `It is ${text}.` },
      occurred: { from: '2026-01-01T12:00:00Z', precision: 'minute' },
      sourcing: { basis: 'on-record', standing: 'reported', actor: this.random.pick(actors) },
      modality: { mode: 'asserted' },
    };
    return { development: id, outline: outlined(content, secretOf(id)), told: { content } };
  }

  #word(isEmbargoed: boolean): Word {
    const word = { text: wordOf(this.words.length), shownFrom: isEmbargoed ? Infinity : 0 };
    this.words.push(word);
    return word;
  }

  #newText = () => idOf(this.#named++, 'ffffffff');

  /** Whether the act was allowed, and changed something. */
  #decide(story: string, decision: StoryDecision, about: About): boolean {
    const stream = storyStream(story);
    const state = this.#stories.get(story) ?? noStory;
    const events = decision(state);
    if (this.#ended.has(stream) || isRefusal(events) || events.length === 0) return false;
    const origin = this.#append(stream, events, { ...about, what: `${about.what} in ${story}` });
    this.#stories.set(
      story,
      events.reduce((before, event) => evolve(before, event, origin), state),
    );
    return true;
  }

  #decideOn(actor: string, decision: ActorDecision, about: About): boolean {
    const { state, words } = this.#actors.get(actor) ?? { state: noActor, words: [] };
    const events = decision(state);
    if (isRefusal(events) || events.length === 0) return false;
    const origin = this.#append(actorStream(actor), events, about);
    this.#actors.set(actor, {
      state: events.reduce((before, event) => evolveActor(before, event, origin), state),
      words,
    });
    return true;
  }

  #append(stream: string, events: readonly OpaqueEvent[], about: About) {
    const { record, origin } = this.#encoded(stream, events, about.by ?? editor);
    this.#send(record, about);
    return origin;
  }

  #encoded(stream: string, events: readonly OpaqueEvent[], by: CommitAuthor) {
    const { id: parent, seq } = headOf(this.#log, stream);
    const number = this.#log.position + 1;
    const recorded = this.#time();
    const asked = { command: `command-${number}`, commandHash: digest(number) };
    const draft = { source, stream, seq: seq + 1, parent, recorded, by, ...asked };
    const record = encode({ ...draft, events: seal(stream, events, secrets) });
    return { record, origin: { id: record.id, by, recorded } };
  }

  #send(record: NewRecord, { what, keys = [], gone = [] }: About): void {
    const [after, verdict] = arbitrate(this.#log, record.headers);
    this.#log = after;
    const position = verdict.won ? verdict.position : undefined;
    this.entries.push({ record, what, position, keys, gone: [...gone] });
  }

  /** One minute for each commit. */
  #time = () => new Date(Date.UTC(2026, 0, 1, 12) + this.#log.position * 60_000).toISOString();
}
