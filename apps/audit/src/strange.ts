import type { Commit } from '#domain';
import { commitId, decode, encode, type LogRecord, type Verdict } from '#event-log';

/** Ways in which a readable record differs from every record that an editor-api writes. A code never changes. */
export const wrongRecords = {
  'altered-bytes': 'The commit id does not match these bytes: they were altered, or the commit was forged.',
  'wrong-seq': 'The commit’s number does not match its place in the stream.',
  'wrong-attribute': 'An attribute of the record does not match its content.',
} as const;
/** All ways in which a winner can be strange. */
export const strangeRecords = { ...wrongRecords, 'unreadable-commit': 'This version cannot read the commit.' } as const;

/** The kind of a strange record, with a detail for a person. */
export interface Strangeness {
  readonly code: keyof typeof strangeRecords;
  readonly detail: string;
}
/** A record's bytes, from a log or a bundle. */
export type Written = Pick<LogRecord, 'headers' | 'value'>;
type Won = Verdict & { won: true };
type Wrong<Code extends Strangeness['code']> = Strangeness & { readonly code: Code };

/** Checks the parts outside the value. */
export function wrongOutside({ headers, value }: Written, { id, seq }: Won) {
  const covered = commitId(headers, value);
  const wrong = <Code extends Strangeness['code']>(code: Code, detail: string): Wrong<Code> => ({ code, detail });
  if (covered !== id) return wrong('altered-bytes', `the id is ${id}; the bytes give the id ${covered}.`);
  if (headers.ce_seq !== String(seq)) return wrong('wrong-seq', `the record says ${headers.ce_seq}; it is ${seq}.`);
  return undefined;
}

/** Optional attributes, which a record's id does not cover. */
const extra = new Set(['ce_traceparent']);

/** Every attribute follows from the commit and has one canonical form. `source` is the log's name. */
export function wrongAttribute(commit: Commit, { headers }: Written, source: string | undefined) {
  const wrong = (name: string, due = 'absent'): Wrong<'wrong-attribute'> => ({
    code: 'wrong-attribute',
    detail: `${name} is ${headers[name] ?? 'absent'}, not ${due}.`,
  });
  if (!source || headers.ce_source !== source) return wrong('ce_source', source);
  const due = encode({ ...commit, source, commandHash: headers.ce_commandhash ?? '' }).headers;
  const names = [
    ...Object.keys(due),
    ...Object.keys(headers).filter(name => name.startsWith('ce_') && !extra.has(name)),
  ];
  const other = names.find(name => name !== 'ce_id' && headers[name] !== due[name]);
  return other === undefined ? undefined : wrong(other, due[other]);
}

/** A winner, read without its keys. */
export interface Look {
  /** Undefined if it cannot be read, so that every projector quarantines its stream. */
  readonly commit: Commit | undefined;
  readonly strange: Strangeness | undefined;
}

/** Examines a winner. `source` is the log's name, from its first commit. Pure, and total. */
export function look(record: Written, verdict: Won, source: string | undefined): Look {
  const outside = wrongOutside(record, verdict);
  if (outside) return { commit: undefined, strange: outside };
  const read = decode(record.headers, record.value, verdict);
  if ('commit' in read) return { commit: read.commit, strange: wrongAttribute(read.commit, record, source) };
  return { commit: undefined, strange: { code: 'unreadable-commit', detail: read.unreadable } };
}
