import { prepareBlobStore } from '#blobs';
import { lackedByS3, startS3, type S3Server } from '#dev-servers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppName } from '../../harness/app.js';
import { KafkaLine } from '../../harness/kafka-line.js';
import { FaultyLine, lineFaults, type LineFault } from '../faulty-line.js';
import type { Found, Row } from '../row.js';
import { Random } from '../simulator/random.js';
import { Storm, type Wiring } from '../storm.js';

/** How long each fault lasts. */
const lastsMs = { short: 5_000, long: 60_000 };
/** After each fault the newsroom has this long without one. */
const calmMs = 2_000;
/** What readers see is back this long after a fault. */
const backWithinMs = 30_000;
/** Then each process takes posts within this time. It gives a statement of Postgres without an answer up after 32 seconds. */
const worksWithinMs = 60_000;
/** A process that could not read the log for so many tries ends, and is started again. */
const mayEnd = /log-(unreachable|stalled)/;
const dayMs = 86_400_000;

/** The links that each run disturbs first. */
export const alwaysFirst: readonly string[] = [
  'editor-api to Kafka',
  'editor-api to Postgres',
  'clients to editor-api',
];

/**
 * The links and the faults of a run: each link in turn, and the next fault for each. From one seed to the next the faults shift by one, and
 * so do the links that are not always first, so that every fault comes to every link.
 */
export function turnsFrom(seed: number, all: readonly string[], tries: number): { link: string; fault: LineFault }[] {
  const others = all.filter(link => !alwaysFirst.includes(link));
  const links = [...alwaysFirst, ...others.map((_, at) => others[(seed + at) % others.length]!)];
  return Array.from({ length: tries }, (_, at) => {
    const round = Math.floor(at / links.length);
    return { link: links[at % links.length]!, fault: lineFaults[(seed + at + round) % lineFaults.length]! };
  });
}

/** Every line of a newsroom, by what it joins. Each process has lines of its own. */
class Lines {
  readonly byLink = new Map<string, FaultyLine[]>();
  readonly #kafka: KafkaLine[] = [];

  constructor(private readonly random: Random) {}

  /** Puts lines between a process and Kafka, Postgres, the store of pictures and its clients. */
  wire = async (name: AppName, env: Record<string, string>): Promise<Wiring> => {
    const wired = { ...env };
    if (name !== 'reader-api') {
      const front = (address: string) => this.#add(`${name} to Kafka`, address).then(line => line.address);
      const kafka = await KafkaLine.to(env.KAFKA_BROKERS!, front);
      this.#kafka.push(kafka);
      wired.KAFKA_BROKERS = kafka.brokers;
    }
    const database = new URL(env.DATABASE_URL!);
    database.host = (await this.#add(`${name} to Postgres`, database.host)).address;
    wired.DATABASE_URL = database.href;
    const store = new URL(env.BLOB_STORE_ENDPOINT!);
    store.host = (await this.#add(`${name} to pictures`, store.host)).address;
    wired.BLOB_STORE_ENDPOINT = store.origin;
    return name === 'projector' ? { env: wired } : { env: wired, front: await this.#add(`clients to ${name}`) };
  };

  get all(): FaultyLine[] {
    return [...this.byLink.values()].flat();
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map(line => line.close()));
    await Promise.all(this.#kafka.map(line => line.close()));
  }

  async #add(link: string, target?: string): Promise<FaultyLine> {
    const line = await FaultyLine.open(this.random, target);
    this.byLink.set(link, [...(this.byLink.get(link) ?? []), line]);
    return line;
  }
}

export const proxies: Row = {
  name: 'proxies',
  fault:
    'a proxy on each link (apps to Kafka, to Postgres and to the pictures in S3, clients to apps): latency, resets, black holes, connections that are open on one side only, one byte at a time',
  invariant:
    'each acknowledged post is in the log once, where its author was told; each command gets a final answer; saved drafts and posted pictures are there; nothing under embargo reaches readers; streams have no gap and nothing twice; readers are up to date within 30 s; verify says EQUAL',
  unit: 'time',
  short: 4,
  long: 12,
  needsServers: true,
  run: async (tries, report): Promise<Found> => {
    // The default seed is 1: then the day chooses.
    const seed = report.seed > 1 ? report.seed : Math.floor(Date.now() / dayMs);
    const random = new Random(seed);
    const lines = new Lines(random.fork());
    const lacked = lackedByS3();
    if (lacked) throw new Error(`Not possible here: ${lacked}.`);
    const pictures = await startS3(line => report.line(line));
    const storm = await stormOn(pictures, lines, seed).catch(async (error: unknown) => {
      await lines.close();
      await pictures.stop();
      throw error;
    });
    const { violations } = report;
    try {
      const found = await storm.during(async () => {
        let ran = 0;
        report.line(`--from ${seed} repeats these links and faults`);
        for (const { link, fault } of turnsFrom(seed, [...lines.byLink.keys()], tries)) {
          if (report.signal.aborted) break;
          const disturbed = lines.byLink.get(link)!;
          // One process of two, or both.
          const some = random.chance(0.5) ? disturbed : [random.pick(disturbed)];
          report.line(`${++ran} of ${tries}: ${fault}, ${link}${some.length > 1 ? ', both processes' : ''}`);
          for (const line of some) line.begin(fault);
          await sleep(report.scale === 'long' ? lastsMs.long : lastsMs.short);
          for (const line of some) line.heal();
          if (!(await storm.areReadersBack(backWithinMs)))
            violations.push(`${fault}, ${link}: readers were not up to date within ${backWithinMs} ms`);
          await storm.checkSlots(`${fault}, ${link}`, worksWithinMs);
          await sleep(calmMs);
        }
        return ran;
      }, report);
      const broken = lines.all.reduce((sum, line) => sum + line.broken, 0);
      return {
        ...found,
        violations: [...violations, ...found.violations],
        figures: { 'connections broken': broken, ...found.figures },
      };
    } finally {
      await storm.close();
      await lines.close();
      await pictures.stop();
    }
  },
};

/** A storm whose pictures are in that server. */
async function stormOn({ bucket, endpoint, env }: S3Server, lines: Lines, seed: number): Promise<Storm> {
  const store = { BLOB_STORE: `s3://${bucket}/storm`, BLOB_STORE_ENDPOINT: endpoint };
  Object.assign(process.env, env);
  await prepareBlobStore(store);
  return Storm.open(seed, { wire: lines.wire, env: { ...store, ...env }, mayEnd });
}
