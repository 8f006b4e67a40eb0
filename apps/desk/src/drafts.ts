import { pathTo } from '#client';
import { at, filledIn, isRecord, put, type Value } from './form-model/values.js';
import type { Request } from './api.js';
import type { SharedDraft } from './contracts.js';
import { isSame } from './difference.js';
import { plainKind } from './kind/defaults.js';
import { isWorthKeeping, type Left } from './kind/kind-change.js';

/** A command that an editor prepares. It is kept in the browser, and shared with the team, until it is in the log. */
export interface Draft {
  /** Also its Idempotency-Key: however often its author sends it, it is recorded once. */
  readonly id: string;
  /** Whose copy it is. This browser shows it to no other person. Drafts of earlier versions have none. */
  readonly owner?: string;
  readonly story: string;
  /** The last step of its route; `record` for a new development. */
  readonly act: string;
  readonly on: 'story' | 'development' | 'condition' | 'text' | 'proposal';
  /** The id of its development, condition, text or proposal. */
  readonly target?: string;
  /** The body of the command, as far as it is filled in. */
  readonly value: Value;
  /** What it held under other kinds, so that a change of kind loses nothing. */
  readonly left?: Left;
  /** The story's head that the editor knew at the start, or has seen since. */
  readonly head?: string;
  /** The content when its correction began. */
  readonly was?: Value;
  readonly changed: string;
  /** Another person has to approve it before readers see it. */
  readonly submits?: boolean;
  /** The version that the newsroom had when this copy was last equal to it, with what it held. Undefined before the first save. */
  readonly saved?: Saved;
  /** What was sent to the newsroom since it last answered: an answer may be lost. Earlier versions kept one value alone. */
  readonly pending?: readonly Value[] | undefined;
}

/** What the newsroom has of a draft. */
export interface Saved {
  readonly version: number;
  readonly value: Value;
  /** Whose work it is. */
  readonly holder: Person;
  readonly versions?: SharedDraft['versions'];
}

/** A person of the newsroom. */
export interface Person {
  readonly id: string;
  readonly name?: string | undefined;
}

/** Whether this browser holds something that the newsroom lacks. */
export const isUnsaved = (draft: Draft): boolean =>
  (draft.saved !== undefined || isWorth(draft)) && !isSame(draft.saved?.value, draft.value);

const prefix = 'dateline.draft:';
const nameOf = ({ story, id }: Pick<Draft, 'story' | 'id'>) => `${prefix}${story}:${id}`;

/** The names in the browser's storage that begin with this prefix. */
export const storedNames = (storage: Pick<Storage, 'key' | 'length'>, prefix: string): string[] =>
  Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter(name =>
    name.startsWith(prefix),
  );

/** Something that is being added to a draft. */
interface Waiting {
  id: string;
  /** If the draft is posted now, it is published without it: it was sent after this began, or this belongs to something in it. */
  isLeft: boolean;
}

/** The drafts of this browser. If the browser stores nothing, drafts last only as long as the page. */
export class Drafts {
  private hasEnded = false;
  private readonly waiting = new Set<Waiting>();
  /** The ids under which drafts go on, by those that they had. */
  private readonly renamed = new Map<string, string>();

  constructor(
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>,
    private readonly owner: string,
  ) {}

  /**
   * Runs what adds a picture, a recording or a linked page to a draft. It may end when another draft is open. `into` returns the draft that
   * it belongs to by then. `isPart`: it belongs to something in this draft, such as captions to a recording, and to no later draft.
   */
  async adding(id: string, add: (into: () => string) => Promise<void>, isPart = false): Promise<void> {
    const one: Waiting = { id, isLeft: isPart };
    this.waiting.add(one);
    try {
      await add(() => one.id);
    } finally {
      this.waiting.delete(one);
    }
  }

  /** A draft is being sent without what is being added to it now. */
  sends(id: string): void {
    for (const one of this.addingTo(id)) one.isLeft = true;
  }

  /** A draft was recorded: what began to be added to it after it was sent belongs to the next one. Returns whether there is any. */
  moves(id: string, next: string): boolean {
    const moved = this.addingTo(id).filter(({ isLeft }) => !isLeft);
    for (const one of moved) one.id = next;
    return moved.length > 0;
  }

  /** Whether a picture, a recording or a linked page is being added to the draft. */
  awaits(id: string): boolean {
    return this.addingTo(id).length > 0;
  }

  private addingTo(id: string): Waiting[] {
    return [...this.waiting].filter(one => this.idNow(one.id) === id);
  }

  /** A draft goes on under another id. What is being added to it comes into it all the same. */
  rename(from: string, to: string): void {
    this.renamed.set(from, to);
  }

  /** The id under which a draft goes on. */
  idNow(id: string): string {
    const next = this.renamed.get(id);
    return next === undefined ? id : this.idNow(next);
  }

  /** The owner's drafts of the story, the last changed one first. Unreadable entries are skipped. */
  of(story: string): Draft[] {
    const drafts = this.all().filter(draft => draft.story === story);
    return drafts.sort((a, b) => (a.changed < b.changed ? 1 : -1));
  }

  /** What was entered into a draft after it was sent, as far as it is kept here; see `enteredSince`. */
  enteredSince({ story, id, value }: Draft): Value {
    return enteredSince(
      value,
      this.of(story).find(kept => kept.id === id),
    );
  }

  /** The owner's drafts of all stories, in any order. */
  all(): Draft[] {
    return storedNames(this.storage, prefix)
      .flatMap(name => parsed(this.storage.getItem(name)) ?? [])
      .filter(({ owner }) => owner === undefined || owner === this.owner);
  }

  /** Stores a draft, unless the person has signed out. Returns false if the browser could not store it. */
  keep(draft: Draft): boolean {
    if (this.hasEnded) return true;
    try {
      this.storage.setItem(nameOf(draft), JSON.stringify({ ...draft, owner: this.owner }));
      return true;
    } catch {
      return false;
    }
  }

  drop(draft: Pick<Draft, 'story' | 'id'>): void {
    this.storage.removeItem(nameOf(draft));
  }

  /** Deletes the owner's drafts as they sign out. Nothing is stored afterwards: the answer to a saving may still come, and must bring none back. */
  end(): void {
    this.hasEnded = true;
    for (const draft of this.all()) this.drop(draft);
  }
}

function parsed(text: string | null): Draft | undefined {
  try {
    const draft = JSON.parse(text ?? '') as Draft;
    return typeof draft.id === 'string' && typeof draft.act === 'string' ? draft : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the draft contains any input worth keeping. */
export const isWorth = ({ value, left }: Draft): boolean => {
  const { content, ...more } = (filledIn(value) ?? {}) as { content?: Record<string, Value> };
  const { kind: _kind, sourcing: _sourcing, modality: _modality, occurred: _occurred, ...fields } = content ?? {};
  return Object.keys(fields).length > 0 || Object.keys(more).length > 0 || isWorthKeeping(left);
};

const steps: Record<Draft['on'], (target: string, act: string, submits: boolean) => string[]> = {
  story: (_, act, submits) => [act === 'record' ? (submits ? 'submissions' : 'developments') : act],
  development: (target, act) => ['developments', target, act],
  proposal: (target, act) => ['proposals', target, act],
  text: (target, act) => ['texts', target, act],
  condition: (target, act) => ['conditions', target, act],
};

const whole = { data: {}, occurred: {}, sourcing: {}, modality: {} };

/**
 * A content as far as it is filled in. A group of fields stays even if it is empty, so that the API reports each missing
 * field; a new content leaves out the groups for which the API has defaults.
 */
export function contentIn(content: Value, fresh: boolean): Value {
  const fields = (filledIn(content) ?? {}) as object;
  return withByline(content, { ...(fresh ? { data: {} } : whole), ...fields });
}

/** The filled-in part with the content's byline if that is an empty list, which names nobody. */
export const withByline = (content: Value, filled: Value): Value => {
  const byline = at(content, ['byline']);
  return Array.isArray(byline) && byline.length === 0 ? put(filled, ['byline'], []) : filled;
};

/** The body for the request. An embargo without a time is kept, and an empty list of choices is dropped. */
export function bodyOf(value: Value, fresh = false): Value {
  const { content, embargo, ...more } = (value ?? {}) as Readonly<Record<string, Value>>;
  const none = Object.entries(more).filter(([, chosen]) => Array.isArray(chosen) && chosen.length === 0);
  return {
    ...(filledIn(more) as object | undefined),
    ...Object.fromEntries(none),
    ...(content !== undefined && { content: contentIn(content, fresh) }),
    ...(embargo !== undefined && { embargo: filledIn(embargo) ?? {} }),
  };
}

/** The request of a draft. */
export const requestOf = ({ id, story, on, target = '', act, value, head, submits = false }: Draft): Request => ({
  method: 'POST',
  path: pathTo('stories', story, ...steps[on](target, act, submits)),
  body: bodyOf(value, act === 'record'),
  key: id,
  head,
});

/**
 * What an editor entered while a draft was sent: a new draft's value, without what is already recorded. Undefined if nothing was
 * entered.
 */
export function enteredSince(sent: Value, now: Pick<Draft, 'value'> | undefined): Value {
  if (!now) return undefined;
  const [before, after] = [sent, now.value].map(value => {
    const content = at(value, ['content']);
    return isRecord(content) ? content : {};
  });
  const [recorded, body] = [before, after].map(content => String(content!.body ?? ''));
  const embargo = at(now.value, ['embargo']);
  // Words that were typed under an embargo stay under it.
  const held = embargo === undefined ? {} : { embargo };
  if (!body!.startsWith(recorded!)) return { content: after!, ...held };
  const more = body!.slice(recorded!.length).trimStart();
  const items = ['media', 'captures']
    .map(name => [name, newItems(before![name], after![name])] as const)
    .filter(([, list]) => list.length > 0);
  const { kind, body: _body, media: _media, captures: _captures, ...rest } = after!;
  const changed = Object.entries(rest).filter(([name, value]) => !isSame(filledIn(value), filledIn(before![name])));
  if (more === '' && items.length === 0 && changed.length === 0) return undefined;
  const fields = { ...Object.fromEntries([...changed, ...items]), ...(more !== '' && { body: more }) };
  // Words alone are the next update, whatever the kind of the one before.
  return { content: { kind: changed.length > 0 ? (kind ?? plainKind) : plainKind, ...fields }, ...held };
}

/**
 * The value of a correction that posts what an editor changed after their first version was recorded. The source, the mode, the time and the
 * byline have defaults, so a new post may lack them: they are then as recorded.
 */
export function laterValue({ act, value }: Pick<Draft, 'act' | 'value'>, recorded: Value): Value {
  if (act === 'correct') return value;
  const entered = at(value, ['content']);
  const { kind, occurred, sourcing, modality, byline } = recorded as Readonly<Record<string, Value>>;
  const defaults = filledIn({ kind, occurred, sourcing, modality, byline }) as object;
  return { content: { ...defaults, ...(withByline(entered, filledIn(entered) ?? {}) as object) } };
}

/**
 * What an editor entered under an embargo after their first version was published: the value of a new draft under it, as a correction
 * would publish it. Undefined if they entered nothing, or chose no embargo.
 */
export const heldSince = ({ act, value }: Pick<Draft, 'act' | 'value'>, published: Value): Value =>
  act === 'record' && at(value, ['embargo']) !== undefined
    ? enteredSince({ content: published }, { value })
    : undefined;

/** The items of a list that it did not have before. */
const newItems = (before: Value, after: Value): readonly Value[] =>
  itemsOf(after).filter(item => !itemsOf(before).some(old => isSame(old, item)));

const itemsOf = (value: Value): readonly Value[] => (Array.isArray(value) ? (value as readonly Value[]) : []);
