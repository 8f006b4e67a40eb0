import {
  draftBounds,
  type Draft,
  type DraftSummary,
  type EndedDraft,
  type FormerDraft,
  type NewDraft,
} from '#contract';
import type { Author } from '#domain';
import { draftKeyId, openDraft, sealDraft, type Key, type Keys, type KeyStore } from '#keys';
import { Problem } from '#platform';
import type { DraftRow, DraftStore, VersionRow } from './store.js';

type Content = Omit<NewDraft, 'version'>;

/** What the list shows of a draft, and who may see it. */
type Summary = Pick<DraftSummary, 'act' | 'target' | 'words'> & {
  /** It is meant to be posted under embargo. */
  readonly embargo: boolean;
};

/** A draft of the list, with what decides who may see it. */
export interface Listed {
  readonly draft: DraftSummary;
  readonly embargo: boolean;
}

/** A draft with its content, and with what decides who may see it. */
export interface Opened {
  readonly draft: Draft;
  readonly embargo: boolean;
}

/** Which draft is asked for, and whether the person who asks may see it. One that they may not see does not exist for them. */
export interface Asked {
  readonly id: string;
  readonly story: string;
  readonly sees: (found: Listed | Opened) => boolean;
}

/** How a draft ends, and who ends it. */
export type End = Pick<EndedDraft, 'by' | 'how'>;

const endedBy = ({ by, how }: End) =>
  how === 'taken-down' ? 'What this draft corrects was taken down' : `${by.name ?? by.id} has ${how} this draft`;

/** The problem with status 410 of a draft that has ended; undefined: long ago. */
export const gone = (ended: EndedDraft | undefined) => {
  const how = ended ? endedBy(ended) : 'This draft has ended';
  const instead = ended?.how === 'taken-down' ? 'Close it.' : 'Save what you have as a new draft, under a new id.';
  const detail = `${how}, so its key is destroyed. ${instead}`;
  return new Problem(410, 'draft-ended', detail, ended && { ended });
};
const unknown = () => new Problem(404, 'unknown-draft', 'This story has no such draft.');

const unknownVersion = (allowed: readonly number[]) => {
  const detail = `The latest ${draftBounds.versions} versions of the draft lack this one.`;
  return new Problem(404, 'unknown-version', detail, { allowed });
};

const textIn = (value: object): string => {
  const { body, headline } = ((value as { content?: object }).content ?? {}) as { body?: unknown; headline?: unknown };
  const [text] = [body, headline].filter(text => typeof text === 'string' && text.trim() !== '');
  return text === undefined ? '' : (text as string).trim().replace(/\s+/g, ' ');
};

/** Whether this is meant to be posted under embargo. */
const isForEmbargo = (value: object): boolean => (value as { embargo?: unknown }).embargo !== undefined;

const summaryOf = ({ act, target, value }: Content): Summary => ({
  act,
  ...(target === undefined ? {} : { target }),
  words: textIn(value).slice(0, draftBounds.words).toWellFormed(),
  embargo: isForEmbargo(value),
});

const same = (a: object, b: object) => JSON.stringify(a) === JSON.stringify(b);

/** A story's drafts, shared by its team: sealed in Postgres under a key each, until they are posted or discarded. */
export class Drafts {
  constructor(
    readonly store: DraftStore,
    private readonly keys: Pick<KeyStore, 'keyFor' | 'keysOf' | 'destroy'>,
  ) {}

  /** The drafts whose keys exist. */
  async list(story: string): Promise<Listed[]> {
    const rows = await this.store.list(story);
    const keys = await this.keysOf(rows);
    return rows.flatMap(row => listed(row, keys.get(draftKeyId(row.id))) ?? []);
  }

  /** The draft with its content. Throws a problem: 404 if no such draft was begun, 410 if it has ended. */
  async read({ id, story, sees }: Asked): Promise<Opened> {
    const [row, versions, key] = await this.opened(id, story);
    const [latest] = versions;
    if (!row || !latest) throw await this.missing(id, story);
    const shown = listed(row, key);
    const content = openDraft(key, { draft: id, story, version: latest.version }, latest.sealed) as Content;
    if (!shown || !content) throw await this.missing(id, story);
    if (!sees(shown)) throw unknown();
    const { words: _words, ...shared } = shown.draft;
    const { value, was, left, head } = content;
    const more = { ...(was && { was }), ...(left && { left }), ...(head !== undefined && { head }) };
    return { draft: { ...shared, value, ...more, versions: versions.map(versionOf) }, embargo: shown.embargo };
  }

  /**
   * What a draft held in one of its latest versions. Who may not see that version learns no more than of one that is not kept. A former version
   * for an embargo belongs to who wrote it: who holds the draft now may have got it without that embargo.
   */
  async former({ id, story, sees }: Asked, version: number): Promise<FormerDraft> {
    const [row, versions, key] = await this.opened(id, story);
    const shown = row && listed(row, key);
    if (!shown) throw await this.missing(id, story);
    if (!sees(shown)) throw unknown();
    const found = versions.find(each => each.version === version);
    const content = found && (openDraft(key, { draft: id, story, version }, found.sealed) as Content | undefined);
    const embargo = content !== undefined && isForEmbargo(content.value);
    const holder = embargo && found !== versions[0] ? found!.by : shown.draft.holder;
    if (!content || !sees({ draft: { ...shown.draft, holder }, embargo }))
      throw unknownVersion(versions.map(each => each.version).filter(each => each !== version));
    return { ...versionOf(found), value: content.value };
  }

  /**
   * Saves a draft and returns its version. Throws a problem with status 409 if it holds another version than the one to replace. If that
   * version has the same content, the answer to an earlier save was lost: it succeeds.
   */
  async save(asked: Asked, { version: replaces, ...content }: NewDraft, by: Author): Promise<number> {
    const { id, story } = asked;
    const key = replaces === 0 ? await this.keys.keyFor(draftKeyId(id)) : await this.keyOf(id);
    if (!key || !('secret' in key)) throw await this.missing(id, story);
    const version = replaces + 1;
    const row = {
      ...{ id, story, replaces, by },
      summary: sealDraft(key.secret, { draft: id, story }, summaryOf(content)),
      sealed: sealDraft(key.secret, { draft: id, story, version }, content),
    };
    if (await (replaces === 0 ? this.store.add(row) : this.store.save(row))) return version;
    const now = await this.store.find(id, story);
    if (!now && replaces === 0 && (await this.isFull(story))) throw tooMany();
    const { draft } = await this.read(asked);
    const { act, target, value, was, left, head } = draft;
    if (draft.by.id === by.id && same(plainly({ act, target, value, was, left, head }), plainly(content)))
      return draft.version;
    throw changed(draft);
  }

  /** Gives the draft to a person. Throws a problem with status 409 if it holds another version than the person saw. */
  async give(asked: Asked, version: number, to: Author): Promise<void> {
    if (!(await this.store.give(asked.id, asked.story, version, to))) throw changed((await this.read(asked)).draft);
  }

  /** Ends the draft and destroys its key. If the key store fails, the end holds, and `destroyLeft` destroys the key later. */
  async end(asked: Asked, version: number | undefined, { by, how }: End): Promise<EndedDraft> {
    const { id, story } = asked;
    if (await this.store.end(id, story, version, by, how)) await this.destroy([id]);
    else if (!(await this.store.ended(id, story))) throw changed((await this.read(asked)).draft);
    const ended = await this.store.ended(id, story);
    if (!ended) throw unknown();
    return ended;
  }

  /** How the draft ended. Undefined if it did not, or long ago. */
  ended(id: string, story: string): Promise<EndedDraft | undefined> {
    return this.store.ended(id, story);
  }

  /** Ends each open draft of all stories for which `endOf` gives an end. Tries them all, then throws the first failure. */
  async sweep(endOf: (story: string, found: Listed) => End | undefined): Promise<void> {
    const failures: Error[] = [];
    const failed = (error: Error) => void failures.push(error);
    for (let rows = await this.store.after(''); rows.length > 0; rows = await this.store.after(rows.at(-1)!.id)) {
      const keys = await this.keysOf(rows).catch(failed);
      if (keys) for (const row of rows) await this.endIf(row, keys, endOf).catch(failed);
    }
    if (failures[0]) throw failures[0];
  }

  private async endIf(row: DraftRow, keys: Keys, endOf: (story: string, found: Listed) => End | undefined) {
    const { id, story } = row;
    const found = listed(row, keys.get(draftKeyId(id)));
    const end = found && endOf(story, found);
    if (end) await this.end({ id, story, sees: () => true }, undefined, end);
  }

  /** Destroys the keys of drafts that have ended, where an earlier attempt failed. */
  async destroyLeft(): Promise<void> {
    const left = await this.store.undestroyed();
    if (left.length > 0) await this.destroy(left);
  }

  private async destroy(ids: readonly string[]): Promise<void> {
    await this.keys.destroy(ids.map(draftKeyId));
    await this.store.noteDestroyed(ids);
  }

  /** The draft and its versions as they were at one moment: never the content of one version with who may see another. */
  private async opened(id: string, story: string) {
    for (;;) {
      const row = await this.store.find(id, story);
      const [versions, key] = await Promise.all([this.store.versions(id), this.keyOf(id)]);
      const wasSaved = row && versions[0] && versions[0].version > row.version;
      if (!wasSaved) return [row, versions, key] as const;
    }
  }

  private async keyOf(id: string): Promise<Key | undefined> {
    return (await this.keysOf([{ id }])).get(draftKeyId(id));
  }

  private async keysOf(drafts: readonly { readonly id: string }[]): Promise<Keys> {
    return this.keys.keysOf(drafts.map(({ id }) => draftKeyId(id)));
  }

  private async isFull(story: string): Promise<boolean> {
    return (await this.store.list(story)).length >= draftBounds.ofStory;
  }

  /** Why the story has no such draft now. */
  private async missing(id: string, story: string): Promise<Problem> {
    const ended = await this.store.ended(id, story);
    if (ended) return gone(ended);
    const key = await this.keyOf(id);
    return key && 'destroyed' in key ? gone(undefined) : unknown();
  }
}

function listed(row: DraftRow, key: Key | undefined): Listed | undefined {
  const { id, story, version, holder, by, begun, changed, summary } = row;
  const opened = openDraft(key, { draft: id, story }, summary) as Summary | undefined;
  if (!opened) return undefined;
  const { embargo, ...shown } = opened;
  const times = { begun: begun.toISOString(), changed: changed.toISOString() };
  return { draft: { id, version, holder, by, ...times, ...shown }, embargo };
}

const versionOf = ({ version, by, began, saved }: Pick<VersionRow, 'version' | 'by' | 'began' | 'saved'>) => ({
  ...{ version, by },
  ...{ began: began.toISOString(), saved: saved.toISOString() },
});

/** In a fixed order and without absent fields, to compare. */
const plainly = ({ act, target, value, was, left, head }: { [Name in keyof Content]: Content[Name] | undefined }) => ({
  ...{ act, target, value, was, left, head },
});

/** The problem with status 409 of a draft that holds another version. It shows the draft, so it is for those who may see it. */
export const changed = (draft: Draft) => {
  const by = draft.by.name ?? draft.by.id;
  const detail = `The draft holds version ${draft.version}, last changed by ${by}. Compare it with yours, and save what you decide on with that version.`;
  const errors = [{ field: 'version', message: `must be ${draft.version}`, allowed: [draft.version] }];
  return new Problem(409, 'draft-changed', detail, { draft, errors });
};

const tooMany = () =>
  new Problem(409, 'too-many', `A story may have ${draftBounds.ofStory} drafts. Post or discard some of them first.`, {
    allowed: draftBounds.ofStory,
  });
