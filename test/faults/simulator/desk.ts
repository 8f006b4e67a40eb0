import { acts, newDevelopmentId, noStory, type Act } from '#domain';
import { KeyStoreError, type Key, type KeyStore } from '#keys';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LinkCaptures } from '../../../apps/editor-api/src/captures/captures.js';
import { KeptState, stateBounds } from '../../../apps/editor-api/src/commands/kept-state.js';
import { PerformAct, PerformActHandler } from '../../../apps/editor-api/src/commands/perform.js';
import { CommandProcessor } from '../../../apps/editor-api/src/commands/processor.js';
import type { Outcome } from '../../../apps/editor-api/src/commands/submission.js';
import { Signatures } from '../../../apps/editor-api/src/signatures/signatures.js';
import { Uploads } from '../../../apps/editor-api/src/media/uploads.js';
import type { Broker } from './broker.js';
import type { Wish } from './plan.js';
import type { Random } from './random.js';
import { current, runAs, type Owner } from './scheduler.js';

/** The desk's file is copied as it is at the moment of a crash: that is what `kill -9` leaves. */
const file = 'editor-api.state';

/** A key store that all processes share. */
export class SimulatedKeys implements KeyStore {
  readonly #keys = new Map<string, Key>();

  constructor(
    private readonly random: Random,
    /** How often it fails. */
    public faults: number,
  ) {}

  async keysOf(ids: Iterable<string>): Promise<ReadonlyMap<string, Key>> {
    await this.#trip();
    return new Map([...ids].flatMap(id => (this.#keys.has(id) ? [[id, this.#keys.get(id)!] as const] : [])));
  }

  async keyFor(id: string, offered: Uint8Array = new Uint8Array(64)): Promise<Key> {
    await this.#trip();
    const key = this.#keys.get(id) ?? { secret: offered };
    this.#keys.set(id, key);
    // What was kept may be lost on the way back.
    await this.#trip();
    return key;
  }

  adopt = async () => undefined;
  noteLost = async () => undefined;
  destroy = async () => undefined;
  close = async () => undefined;

  async #trip(): Promise<void> {
    await current().sleep(this.random.between(0.1, 2));
    if (this.random.chance(this.faults)) throw new KeyStoreError('keys-unreachable', 'simulated');
  }
}

const bodies = new Map<string, object>();

/** The body of a wish, as it is after HTTP has checked it. */
function bodyOf({ act, words, story }: Wish, schema: Act['body']): object {
  const known = bodies.get(`${act} ${words} ${story}`);
  if (known) return known;
  const sent = {
    open: { id: story, title: words, zone: 'UTC' },
    record: { content: { kind: 'update', body: `${words} happened.` } },
    retract: { reason: `${words} was wrong.` },
    pin: {},
    close: { reason: `${words} is over.` },
    reopen: { reason: `${words} is not over.` },
  }[act];
  const body = schema ? (schema.parse(sent) as object) : sent;
  bodies.set(`${act} ${words} ${story}`, body);
  return body;
}

const actOf = {
  open: acts.openStory,
  record: acts.recordDevelopment,
  retract: acts.retract,
  pin: acts.pin,
  close: acts.closeStory,
  reopen: acts.reopenStory,
} as const;

/** The development that the command with this key records. */
export const developmentOf = (story: string, key: string): string =>
  newDevelopmentId({ key, by: { id: 'ann' }, target: { story } }, noStory);

/** The command that the desk makes of a wish. */
export function commandOf(wish: Wish, received = '', expected?: readonly string[]): PerformAct {
  const { story, on, by, key, act: name } = wish;
  const act = actOf[name] as unknown as Act;
  const target = { story, ...(name === 'retract' || name === 'pin' ? { development: developmentOf(story, on) } : {}) };
  const envelope = { command: key, by: { id: by }, roles: ['editor'], expected, received };
  return new PerformAct(act, envelope, target, bodyOf(wish, act.body));
}

interface DeskOptions {
  readonly name: string;
  readonly broker: Broker;
  readonly keys: SimulatedKeys;
  readonly settleMs: number;
  readonly skewMs: number;
  /** Where its state is; undefined for a temporary file. */
  readonly folder?: string | undefined;
}

/** An editor-api: the product's processor and acts, on a simulated log, key store and clock. */
export class Desk {
  readonly owner: Owner;
  readonly processor: CommandProcessor;
  /** Resolves when it has crashed. */
  readonly crashed: Promise<'crashed'>;
  /** How many records the log had when it started: it takes no command before it has read them. */
  private readonly found: number;
  /** The error that ended its reading of the log. */
  halted: unknown;
  readonly #crash = Promise.withResolvers<'crashed'>();
  readonly #handler: PerformActHandler;

  constructor(readonly options: DeskOptions) {
    const { name, broker, keys, settleMs, skewMs, folder } = options;
    this.owner = { name, isAlive: true, skewMs };
    this.found = broker.records.length;
    this.crashed = this.#crash.promise;
    const quiet = { info: () => undefined, warn: () => undefined };
    const bounds = { ...stateBounds, bulk: 60, generation: 40, generationMs: 150, againMs: 50, bulkIndex: 20 };
    this.processor = runAs(this.owner, () => {
      const kept = new KeptState(folder, settleMs, quiet, bounds);
      return new CommandProcessor('urn:simulated', settleMs, broker.reader(), broker.appender(), keys, kept);
    });
    this.#handler = new PerformActHandler(this.processor, new Signatures(), new Uploads(keys), new LinkCaptures());
    runAs(this.owner, () => {
      void this.processor.follow().catch((error: unknown) => (this.halted = error));
      void this.processor.open().catch(() => undefined);
    });
  }

  get isReady(): boolean {
    return this.owner.isAlive && this.processor.ready;
  }

  get isReadyTooEarly(): boolean {
    return this.isReady && this.processor.nextOffset < this.found;
  }

  /** The head of a stream, as this desk has read it. */
  headOf(stream: string): string | undefined {
    return this.processor.view().arbitration.heads.get(stream)?.id;
  }

  perform(wish: Wish, expected: readonly string[] | undefined): Promise<Outcome> {
    return runAs(this.owner, () => this.#handler.execute(commandOf(wish, this.processor.now(), expected)));
  }

  /** Ends it as `kill -9` does. Returns the folder in which the next process finds the state file as it was. */
  crash(next: string | undefined): string | undefined {
    const { folder } = this.options;
    this.owner.isAlive = false;
    this.#crash.resolve('crashed');
    if (folder !== undefined && next !== undefined) {
      mkdirSync(next, { recursive: true });
      for (const end of ['', '-journal'])
        if (existsSync(join(folder, file + end))) copyFileSync(join(folder, file + end), join(next, file + end));
    }
    this.#closeFile();
    return next;
  }

  /** Ends it in order. */
  close(): Promise<void> {
    return runAs(this.owner, () => this.processor.close()).then(() => void (this.owner.isAlive = false));
  }

  #closeFile(): void {
    const { ground } = this.processor.kept as unknown as { readonly ground?: { readonly file: { close(): void } } };
    ground?.file.close();
  }
}
