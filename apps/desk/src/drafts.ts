import { pathTo } from '#client';
import { filledIn, type Value } from './form-model/values.js';
import type { Request } from './api.js';

/** Something that an editor is about to do, kept in the browser until it stands. */
export interface Draft {
  /** Its Idempotency-Key too: whatever happens on the way, it comes to stand once. */
  readonly id: string;
  /** Who writes it: nobody else is shown it in this browser. Drafts of earlier versions have none. */
  readonly owner?: string;
  readonly story: string;
  /** The last step of its route; `record` for a new development. */
  readonly act: string;
  readonly on: 'story' | 'development' | 'condition' | 'proposal';
  /** The development, condition or proposal that it is about. */
  readonly target?: string;
  /** The body of the command, as far as it is filled in. */
  readonly value: Value;
  /** The story's head that the editor knew when it was begun, or has looked at since. */
  readonly head?: string;
  /** The content as it stood when its correction began. */
  readonly was?: Value;
  readonly changed: string;
}

const prefix = 'dateline.draft';
const nameOf = ({ story, id }: Pick<Draft, 'story' | 'id'>) => `${prefix}:${story}:${id}`;

/** The drafts of this browser. A browser that keeps nothing loses them with the page, and nothing else. */
export class Drafts {
  constructor(
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>,
    private readonly owner: string,
  ) {}

  /** The owner's of the story, the one changed last first; what cannot be read is left alone. */
  of(story: string): Draft[] {
    const drafts = this.all().filter(draft => draft.story === story);
    return drafts.sort((a, b) => (a.changed < b.changed ? 1 : -1));
  }

  /** The owner's of every story, in no order. */
  all(): Draft[] {
    const names = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index) ?? '');
    return names
      .filter(name => name.startsWith(`${prefix}:`))
      .flatMap(name => parsed(this.storage.getItem(name)) ?? [])
      .filter(({ owner }) => owner === undefined || owner === this.owner);
  }

  /** Whether it could be kept. */
  keep(draft: Draft): boolean {
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
}

function parsed(text: string | null): Draft | undefined {
  try {
    const draft = JSON.parse(text ?? '') as Draft;
    return typeof draft.id === 'string' && typeof draft.act === 'string' ? draft : undefined;
  } catch {
    return undefined;
  }
}

/** Whether anything was entered that would be missed. */
export const isWorth = ({ value }: Draft): boolean => {
  const { content, ...more } = (filledIn(value) ?? {}) as { content?: Record<string, Value> };
  const { kind: _kind, sourcing: _sourcing, modality: _modality, occurred: _occurred, ...told } = content ?? {};
  return Object.keys(told).length > 0 || Object.keys(more).length > 0;
};

const steps: Record<Draft['on'], (target: string, act: string) => string[]> = {
  story: (_, act) => [act === 'record' ? 'developments' : act],
  development: (target, act) => ['developments', target, act],
  proposal: (target, act) => ['proposals', target, act],
  condition: (target, act) => ['conditions', target, act],
};

const whole = { data: {}, occurred: {}, sourcing: {}, modality: {} };

/** A content as far as it is filled in; what has fields of its own is there even when it is empty, so that each of them is asked for. */
export function contentIn(content: Value): Value {
  const told = (filledIn(content) ?? {}) as object;
  return { ...whole, ...told };
}

/** The body as it is sent. An embargo without an hour is one too, and none of what could be chosen is a choice. */
export function bodyOf(value: Value): Value {
  const { content, embargo, ...more } = (value ?? {}) as Readonly<Record<string, Value>>;
  const none = Object.entries(more).filter(([, chosen]) => Array.isArray(chosen) && chosen.length === 0);
  return {
    ...(filledIn(more) as object | undefined),
    ...Object.fromEntries(none),
    ...(content !== undefined && { content: contentIn(content) }),
    ...(embargo !== undefined && { embargo: filledIn(embargo) ?? {} }),
  };
}

/** The request that the draft is, once sent. */
export const requestOf = ({ id, story, on, target = '', act, value, head }: Draft): Request => ({
  method: 'POST',
  path: pathTo('stories', story, ...steps[on](target, act)),
  body: bodyOf(value),
  key: id,
  head,
});
