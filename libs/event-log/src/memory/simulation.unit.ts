import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { arbitrate, emptyLog, headOf, logStream, root, type Arbitration } from '../arbitrate.js';
import type { LogAppender, NewRecord } from '../port.js';
import { encode, type Draft } from '../record.js';
import { MemoryLog, type Fate } from './log.js';

const stream = 'story:a';
const draftOf = (on: string, parent: string, seq: number, command: string): Draft => ({
  source: 'simulated',
  stream: on,
  seq,
  parent,
  recorded: '2026-01-31T18:00:00.000Z',
  command,
  commandHash: command,
  by: { id: 'simulated' },
  events: [{ type: 'LogOpened', data: { name: command } }],
});

/** A model of the editor-api's protocol: it reads, decides, appends, and answers once it reads its commit as settled. */
class Writer {
  readonly acknowledged: string[] = [];
  readonly #name: string;
  readonly #log: MemoryLog;
  readonly #appender: LogAppender;
  readonly #won = new Set<string>();
  #state: Arbitration = emptyLog;
  #read = 0;
  #commands = 0;
  #pending: (NewRecord & { readonly id: string }) | undefined;

  constructor(name: string, log: MemoryLog) {
    this.#name = name;
    this.#log = log;
    this.#appender = log.appender();
  }

  /** Reads at most this many records more. */
  look(records: number): void {
    for (const { headers } of this.#log.records.slice(this.#read, this.#read + records)) {
      const [state, verdict] = arbitrate(this.#state, headers);
      if (verdict.won) this.#won.add(verdict.id);
      this.#state = state;
      this.#read++;
    }
  }

  /** Answers, decides again or takes its next command, whichever is due. */
  async act(resend: boolean): Promise<void> {
    if (this.#state.position === 0) return;
    const { id: head, seq } = headOf(this.#state, stream);
    if (this.#pending && this.#won.has(this.#pending.id)) {
      this.acknowledged.push(this.#pending.id);
      this.#pending = undefined;
      this.#commands++;
    }
    const lost = this.#pending && this.#pending.headers.ce_parent !== head;
    if (this.#pending && !lost && !resend) return;
    if (!this.#pending || lost)
      this.#pending = encode(draftOf(stream, head, seq + 1, `${this.#name}${this.#commands}`));
    const outcome = await this.#appender.append(this.#pending);
    if (outcome === 'not-sent' && !resend) {
      this.#pending = undefined;
      this.#commands++;
    }
  }
}

const fates: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Fate>({ outcome: 'sent', arrivals: [0] }) },
  fc.record<Fate>({
    // Brokers have been seen to acknowledge a record and then lose it.
    outcome: fc.constantFrom('sent', 'unknown'),
    arrivals: fc.array(fc.constantFrom(0, 0, 1, 3, 12), { maxLength: 3 }),
  }),
  fc.constant<Fate>({ outcome: 'not-sent', arrivals: [] }),
);
const steps = fc.array(
  fc.record({ writer: fc.nat(3), look: fc.constantFrom(0, 1, 3, 100), fate: fates, resend: fc.boolean() }),
  { minLength: 40, maxLength: 150 },
);
type Step = typeof steps extends fc.Arbitrary<(infer S)[]> ? S : never;

async function simulate(script: readonly Step[]) {
  let fate: Fate = { outcome: 'sent', arrivals: [0] };
  const log = new MemoryLog(() => fate);
  await log.appender().append(encode(draftOf(logStream, root, 1, 'opening')));
  const writers = ['a', 'b', 'c', 'd'].map(name => new Writer(name, log));
  for (const step of script) {
    fate = step.fate;
    writers[step.writer]!.look(step.look);
    await writers[step.writer]!.act(step.resend);
  }
  log.settle();
  let state = emptyLog;
  const winners = log.records.flatMap(({ headers }) => {
    const [next, verdict] = arbitrate(state, headers);
    state = next;
    return verdict.won ? [{ id: verdict.id, command: headers.ce_command }] : [];
  });
  return { acknowledged: writers.flatMap(writer => writer.acknowledged), winners, records: log.records.length };
}

describe('several writers on one stream of a log that loses, repeats and delays records', () => {
  test('every commit that a writer acknowledged wins exactly once', async () => {
    let acknowledgedInAll = 0;
    await fc.assert(
      fc.asyncProperty(steps, async script => {
        const { acknowledged, winners } = await simulate(script);
        const times = acknowledged.map(id => winners.filter(winner => winner.id === id).length);
        expect(times).toEqual(acknowledged.map(() => 1));
        acknowledgedInAll += acknowledged.length;
      }),
      { numRuns: 300 },
    );
    expect(acknowledgedInAll).toBeGreaterThan(1_000);
  });

  test('no command wins twice, however often its writer decides or sends it again', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async script => {
        const commands = (await simulate(script)).winners.map(winner => winner.command);
        expect(new Set(commands).size).toBe(commands.length);
      }),
      { numRuns: 300 },
    );
  });
});
