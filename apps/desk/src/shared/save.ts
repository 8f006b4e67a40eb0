import { pathTo } from '#client';
import type { EditorApi } from '../api.js';
import type { EndedDraft, SharedDraft } from '../contracts.js';
import { differences, merged } from '../difference.js';
import type { Draft, Saved } from '../drafts.js';
import { isRecord, type Value } from '../form-model/values.js';

/** How the newsroom answers to a saving. */
export type SaveReply =
  | { readonly reply: 'saved'; readonly version: number }
  /** A colleague, or another page of this person, has changed it since. */
  | { readonly reply: 'changed'; readonly theirs: SharedDraft }
  /** It was posted or discarded, or what it corrects was taken down. Undefined: long ago. */
  | { readonly reply: 'ended'; readonly ended: EndedDraft | undefined }
  /** `refused`: the same would be refused again. */
  | { readonly reply: 'failed'; readonly detail: string; readonly refused?: boolean };

/** The address of a draft. */
export const draftPath = ({ story, id }: Pick<Draft, 'story' | 'id'>, ...more: string[]): string =>
  pathTo('stories', story, 'drafts', id, ...more);

/** The drafts that the newsroom can keep: posts and corrections. */
export const isShared = ({ act }: Pick<Draft, 'act'>): boolean => act === 'record' || act === 'correct';

/** JSON has no gaps in lists; the desk has none of JSON’s nulls. */
export function withoutNulls(value: unknown): Value {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value as Value)) return value as Value;
  return Object.fromEntries(Object.entries(value as object).map(([name, inner]) => [name, withoutNulls(inner)]));
}

interface Told {
  readonly code?: string;
  readonly detail?: string;
  readonly version?: number;
  readonly draft?: SharedDraft;
  readonly ended?: EndedDraft;
}

/** Refusals that may end: the person must sign in again, the request was slow, or there were too many. */
const passing = [401, 408, 429];

/** What an answer of the newsroom about a draft means. */
export function saveReplyOf(status: number, body: unknown): SaveReply {
  const told = (body ?? {}) as Told;
  if (status === 200) return { reply: 'saved', version: told.version! };
  if (status === 409 && told.draft) return { reply: 'changed', theirs: told.draft };
  if (status === 410 || (status === 404 && told.code === 'unknown-draft')) return { reply: 'ended', ended: told.ended };
  const refused = status >= 400 && status < 500 && !passing.includes(status);
  return { reply: 'failed', detail: told.detail ?? `The newsroom answered with ${status}.`, refused };
}

/** Saves a draft as a successor of the version that this copy was equal to. Never throws. */
export async function saveDraft(draft: Draft, api: Pick<EditorApi, 'answer'>): Promise<SaveReply> {
  const { act, target, value, was, left, head, saved } = draft;
  const body = { version: saved?.version ?? 0, act, target, value: value ?? {}, was, left, head };
  try {
    const { status, body: told } = await api.answer('PUT', draftPath(draft), body);
    return saveReplyOf(status, told);
  } catch (error) {
    return { reply: 'failed', detail: (error as Error).message };
  }
}

/** What the newsroom has, as this browser keeps it. */
export const savedOf = ({ version, value, holder, versions }: SharedDraft): Saved => ({
  ...{ version, holder, versions },
  value: withoutNulls(value),
});

/** A draft of the newsroom as this browser edits it. */
export const copyOf = (story: string, theirs: SharedDraft): Draft => ({
  ...{ id: theirs.id, story, act: theirs.act, on: theirs.act === 'record' ? 'story' : 'development' },
  ...(theirs.target !== undefined && { target: theirs.target }),
  ...(theirs.was && { was: withoutNulls(theirs.was) }),
  ...(theirs.left && { left: withoutNulls(theirs.left) as unknown as NonNullable<Draft['left']> }),
  ...(theirs.head !== undefined && { head: theirs.head }),
  ...{ value: withoutNulls(theirs.value), changed: theirs.changed, saved: savedOf(theirs) },
});

/** What both wrote since the copies were equal: together, or the fields in which they clash. */
export type Joined = { readonly value: Value } | { readonly clash: true };

/** Joins what a colleague wrote with what was written here. Where both changed a field, a person has to choose. */
export function joined(draft: Draft, theirs: SharedDraft): Joined {
  const [was, other] = [draft.saved?.value, withoutNulls(theirs.value)];
  if (differences(was, other, draft.value).some(({ clash }) => clash)) return { clash: true };
  return { value: merged(was, other, draft.value) };
}
