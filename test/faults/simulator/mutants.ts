/** A fault planted in the product's compiled code: one piece of its text, which must occur exactly once, is replaced. */
export interface Mutant {
  readonly name: string;
  /** The compiled module, without its ending. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Whether a short run plants it. */
  readonly isShort: boolean;
}

const files = {
  arbitrate: 'libs/event-log/src/arbitrate',
  record: 'libs/event-log/src/record',
  chains: 'apps/editor-api/src/commands/chains',
  outbox: 'apps/editor-api/src/commands/outbox',
  submit: 'apps/editor-api/src/commands/submit',
  decide: 'apps/editor-api/src/commands/decide',
  processor: 'apps/editor-api/src/commands/processor',
  resending: 'apps/editor-api/src/commands/resending',
  milestone: 'apps/editor-api/src/commands/milestone',
  writeModel: 'apps/editor-api/src/commands/write-model',
  keptState: 'apps/editor-api/src/commands/kept-state',
  stories: 'apps/editor-api/src/commands/stories',
  layered: 'apps/editor-api/src/state/layered',
  stateFile: 'apps/editor-api/src/state/state-file',
  close: 'libs/domain/src/story/acts/close',
  recording: 'libs/domain/src/story/acts/record',
  marks: 'libs/domain/src/story/acts/marks',
  retract: 'libs/domain/src/story/acts/retract',
  apply: 'libs/projections/src/engine/apply',
  batches: 'libs/projections/src/engine/batches',
  fetch: 'libs/projections/src/engine/fetch',
  progress: 'libs/projections/src/engine/progress',
  settle: 'libs/projections/src/engine/settle',
  shred: 'libs/projections/src/engine/shred',
} as const;

/** Not a fault: requests take a few records only, so that those of one chain leave in several. */
export const smallRequests: Omit<Mutant, 'isShort'> = {
  name: 'small requests',
  file: files.outbox,
  from: 'bytesTogether = 512 * 1024',
  to: 'bytesTogether = 3 * 1024',
};

/** A star begins the name of a mutant that a short run plants. */
const planned: readonly (readonly [name: string, file: keyof typeof files, from: string, to: string])[] = [
  ['*the parent does not matter', 'arbitrate', 'if (parent !== head.id)', 'if (false)'],
  ['a number in place of the parent', 'arbitrate', 'parent !== head.id', 'Number(headers.ce_seq) !== head.seq + 1'],
  ['a commit may be its own parent', 'arbitrate', '|| id === parent', ''],
  ['streams begin at the root', 'arbitrate', 'state.genesis ?? root', 'root'],
  ['each winner is a genesis', 'arbitrate', 'genesis: state.genesis ?? id', 'genesis: id'],
  ['*bytes are not compared with the id', 'record', 'if (commitId(headers, value) !== id)', 'if (false)'],
  ['*a chain is decided on the settled state', 'chains', 'return this.last?.after ?? settled', 'return settled'],
  [
    'a record is applied to the expected state',
    'chains',
    'return next.before === settled ? next.after :',
    'return true ? next.after :',
  ],
  ['a lost chain stays', 'chains', 'this.drop(chain); const since', 'const since'],
  ['a lost record is said to be void', 'chains', "link.end({ fate: 'lost', since })", "link.end({ fate: 'void' })"],
  ['a record that was not sent stays', 'chains', 'filter((link) => !gone.has(link))', 'filter(() => true)'],
  ['nobody waits for a record that won', 'chains', 'over.push(first)', 'over.push()'],
  ['*records in doubt are not sent again', 'resending', 'this.sender.sendCopies(stream)', 'void stream'],
  ['records in doubt are sent again once', 'resending', 'chains.doubtCopies()', 'void chains'],
  ['a copy is not in flight', 'outbox', 'for (const link of links)this.state.sending(link)', 'void links'],
  ['all copies have one parent', 'chains', 'before?.record.id ?? link', 'link'],
  ['*what may have been sent counts as not sent', 'processor', "outcome === 'not-sent'", "outcome !== 'sent'"],
  ['a command leaves the queue only when it is decided', 'outbox', '(other) => other !== waiting', '() => true'],
  ['*requests overtake each other', 'outbox', 'this.isBusy || this.waiting.size', 'this.waiting.size'],
  [
    'what was not sent is pending',
    'submit',
    "return unavailable('log', 'The log is unreachable.')",
    "return { outcome: 'pending' }",
  ],
  ['the first loss is a conflict without a look', 'submit', 'losses < retries ||', 'losses < 0 ||'],
  ['*one key stands for every body', 'decide', 'commit.commandHash === submission.commandHash', 'true'],
  ['the key is not looked up', 'decide', 'const commit = commands.get(keyOf(submission))', 'const commit = undefined'],
  ['*a refusal rests on what was read by chance', 'submit', '!== true) return noLog', "=== 'never') return noLog"],
  [
    '*a refusal rests on records in flight',
    'submit',
    'answer && await confirmed(submission, environment, secrets, place.behind, prepared, left)',
    'answer',
  ],
  ['the expected head does not matter', 'decide', 'expected && !expected.includes(head.id)', 'false'],
  ['a quarantined stream takes commands', 'decide', 'if (why)', 'if (false)'],
  [
    '*a prepared decision is never out of date',
    'decide',
    'const isSame = isAlike(submission.stream, on, model)',
    'const isSame = true',
  ],
  ['the offered secret seals, not the kept one', 'decide', 'secrets.set(id, kept);', 'secrets.set(id, secret);'],
  ['an earlier record is forgotten', 'processor', 'recorded(this.model, submission) ?? (isInFlight', '(isInFlight'],
  ['a record in flight is forgotten', 'processor', 'isInFlight ? pending : outcome', 'outcome'],
  ['*a command in flight has no status', 'processor', 'this.sent.begin(own)', 'void own'],
  ['a record stays in flight', 'processor', 'for (const { own } of over)', 'for (const { own } of [])'],
  ['an unreachable log counts as read', 'processor', 'return false', 'return true'],
  ['a time-out counts as reached', 'milestone', 'resolve(false)', 'resolve(true)'],
  [
    'the desk reads on after a winner that it cannot read',
    'writeModel',
    'if (model.unreadable.has(verdict.stream))',
    'if (false)',
  ],
  [
    '*a flush is marked with a later checkpoint',
    'keptState',
    'changesOf(begun.model), begun.checkpoint, done)',
    'changesOf(begun.model), checkpointText(holder.model, holder.last), done)',
  ],
  [
    'a flush forgets newer changes',
    'layered',
    '(this.table, this.ground, this.generation, this.newer, undefined)',
    '(this.table, this.ground, this.generation, Dictionary(), undefined)',
  ],
  [
    'a generation drops the one before',
    'layered',
    'for (const [key, held] of this.older ?? [])',
    'for (const [key, held] of [...(this.older ?? [])].slice(1))',
  ],
  ['the index is not told of new rows', 'stateFile', 'this.#enter(written)', 'void written'],
  ['a new development is not listed', 'stories', 'isNew ? [...this.added, id] : this.added', 'this.added'],
  ['*a closed story takes developments', 'recording', "if (state.status === 'closed')", 'if (false)'],
  [
    'a closed story is closed again',
    'close',
    "if (state.status === 'closed') return []",
    "if (state.status === 'other') return []",
  ],
  ['an unknown development is pinned', 'marks', 'if (state.pinned === development) return []', ''],
  ['a retraction is repeated', 'retract', "if (held.status === 'retracted') return []", ''],
  ['*a zombie projector writes', 'apply', 'if (rowCount === 1) return;', 'return;'],
  [
    '*a projection’s rows are not stored',
    'shred',
    'allOf(...projections.map(({ name, tables',
    'allOf(...projections.slice(1).map(({ name, tables',
  ],
  ['heads are not stored', 'apply', "putRows(client, 'stream', streamTable, streamRows(settled)),", ''],
  [
    '*a winner that cannot be read is skipped',
    'apply',
    "putRows(client, 'quarantined', quarantinedTable, keptRows(settled)),",
    '',
  ],
  [
    'rows without their checkpoint',
    'apply',
    'moveCheckpoint(client, progress.checkpoint, next))',
    'moveCheckpoint(client, progress.checkpoint, progress.checkpoint))',
  ],
  [
    'a stream is folded after its quarantine',
    'settle',
    "'commit' in opening && !quarantined.has(stream)",
    "'commit' in opening",
  ],
  [
    '*void records have positions',
    'settle',
    'position: arbitration.position',
    'position: checkpoint.position + records.length',
  ],
  ['the last record is read again', 'settle', 'last.offset + 1', 'last.offset'],
  [
    'the quarantine is forgotten at a restart',
    'progress',
    'quarantined: new Map(quarantined)',
    'quarantined: new Map()',
  ],
  [
    'the heads are forgotten at a restart',
    'progress',
    'genesis: log, position, heads',
    'genesis: log, position, heads: emptyLog.heads',
  ],
  ['a record is skipped at a restart', 'fetch', 'record.offset >= next', 'record.offset > next'],
  [
    'a batch is handed over without its last record',
    'batches',
    'splice(0, this.#nextLength())',
    'splice(0, this.#nextLength()).slice(0, 2)',
  ],
];

export const mutants: readonly Mutant[] = planned.map(([name, file, from, to]) => ({
  name: name.replace('*', ''),
  file: files[file],
  from,
  to,
  isShort: name.startsWith('*'),
}));

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** The text with the mutant in it. Throws where the product's code no longer holds what it changes. */
export function planted({ name, file, from, to }: Omit<Mutant, 'isShort'>, text: string): string {
  // The compiler spaces and breaks lines as it likes.
  const wanted = new RegExp((from.match(/\w+|[^\s\w]/g) ?? []).map(escaped).join(String.raw`\s*`), 'g');
  const found = [...text.matchAll(wanted)].length;
  if (found === 1) return text.replace(wanted, () => to);
  throw new Error(
    `The mutant “${name}” finds its text ${found} times in ${file}, not once. Change test/faults/simulator/mutants.ts.`,
  );
}
