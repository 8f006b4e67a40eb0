// What each act may do, written apart from the product's decisions: the simulator compares the two.
import type { LogRecord } from '#event-log';
import type { Broker } from './broker.js';
import type { Winner } from './arbiter.js';
import type { Wish } from './plan.js';

/** A story as far as the acts of the simulator depend on it. */
export interface StoryModel {
  readonly status: 'none' | 'open' | 'closed';
  readonly title: string;
  /** By the key of the command that recorded each. */
  readonly developments: ReadonlyMap<string, 'active' | 'retracted'>;
  readonly pinned: string;
  /** One of its winners cannot be read. */
  readonly isQuarantined: boolean;
}

const none: StoryModel = { status: 'none', title: '', developments: new Map(), pinned: '', isQuarantined: false };

/** What a wish is to this story: events to record, already so, or refused. */
export function answerTo(wish: Wish, story: StoryModel): 'events' | 'already-so' | 'refused' {
  const { act, key, on, words } = wish;
  const { status, developments } = story;
  const held = developments.get(on);
  const must = (isSo: boolean, isRefused: boolean) => (isRefused ? 'refused' : isSo ? 'already-so' : 'events');
  switch (act) {
    case 'open':
      return status === 'none' ? 'events' : must(story.title === words, story.title !== words);
    case 'close':
      return must(status === 'closed', status === 'none');
    case 'reopen':
      return must(status === 'open', status === 'none');
    case 'record':
      return must(developments.has(key), status === 'none' || (status === 'closed' && !developments.has(key)));
    case 'retract':
      return must(held === 'retracted', held === undefined);
    default:
      return must(story.pinned === on, held !== 'active');
  }
}

function after(story: StoryModel, { act, key, on, words }: Wish): StoryModel {
  const developments = (id: string, status: 'active' | 'retracted') => new Map(story.developments).set(id, status);
  switch (act) {
    case 'open':
      return { ...story, status: 'open', title: words };
    case 'close':
      return { ...story, status: 'closed' };
    case 'reopen':
      return { ...story, status: 'open' };
    case 'record':
      return { ...story, developments: developments(key, 'active') };
    case 'retract':
      return { ...story, developments: developments(on, 'retracted'), pinned: story.pinned === on ? '' : story.pinned };
    default:
      return { ...story, pinned: on };
  }
}

/** Identifies a wish as the log does: by its author, key and body. */
export const nameOf = (by: string, key: string, hash: string): string => `${by} ${key} ${hash}`;

interface Version {
  /** How many records the log must have for it. */
  readonly from: number;
  readonly story: StoryModel;
}

/** Every state that each story went through, and what was wrong on the way. */
export class Histories {
  readonly wrong: string[] = [];
  readonly #versions = new Map<string, Version[]>();

  /** `wishes` are by `nameOf`; `broker` knows the commits that no wish led to. */
  constructor(
    records: readonly LogRecord[],
    winners: readonly Winner[],
    wishes: ReadonlyMap<string, Wish>,
    { forged, rivals }: Pick<Broker, 'forged' | 'rivals'>,
  ) {
    for (const { offset, stream, id } of winners) {
      if (!stream.startsWith('story:')) continue;
      const story = stream.slice('story:'.length);
      const before = this.now(story);
      if (before.isQuarantined || rivals.has(id)) continue;
      const wish = wishOf(records[offset]!, wishes);
      if (forged.has(id)) {
        this.#add(story, offset, { ...before, isQuarantined: true });
        continue;
      }
      if (!wish) {
        this.wrong.push(`the log has a commit of ${stream} that nobody asked for`);
        continue;
      }
      if (answerTo(wish, before) !== 'events') this.wrong.push(`${wish.act} ${wish.key} won where it is not allowed`);
      this.#add(story, offset, after(before, wish));
    }
  }

  now = (story: string): StoryModel => this.#versions.get(story)?.at(-1)?.story ?? none;

  /** The states of a story while the log had between `from` and `to` records. */
  between(story: string, from: number, to: number): StoryModel[] {
    const versions = [{ from: 0, story: none }, ...(this.#versions.get(story) ?? [])];
    const first = versions.findLastIndex(version => version.from <= from);
    return versions.filter((version, at) => at >= first && version.from <= to).map(version => version.story);
  }

  #add(story: string, offset: number, state: StoryModel): void {
    const versions = this.#versions.get(story) ?? [];
    versions.push({ from: offset + 1, story: state });
    this.#versions.set(story, versions);
  }
}

function wishOf({ headers, value }: LogRecord, wishes: ReadonlyMap<string, Wish>): Wish | undefined {
  const { by } = JSON.parse(Buffer.from(value).toString()) as { readonly by: { readonly id: string } };
  return wishes.get(nameOf(by.id, headers.ce_command ?? '', headers.ce_commandhash ?? ''));
}
