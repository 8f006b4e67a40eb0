import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { OwnServers, type ServerName } from '../own-servers.js';
import { lackedBySmallDisks, SmallDisk } from '../small-disk.js';
import type { Found, Report, Row } from '../row.js';
import { supervise, type Slot } from '../slot.js';
import { Storm } from '../storm.js';
import { pictureOf } from '../pictures.js';

/** How long a disk stays full. */
const lastsMs = { short: 8_000, long: 20_000 };
const backWithinMs = 60_000;
/** The disk of the desks' state stays full until each process has noticed it, at most for so long. */
const noticedWithinMs = 60_000;

/** Kafka, Postgres, pictures and the desks' state, each on a small disk of its own. */
class Disks extends OwnServers {
  readonly kafka: SmallDisk;
  readonly postgres: SmallDisk;
  readonly blobs: SmallDisk;
  readonly state: SmallDisk;

  constructor(folder: string, report: Report) {
    super(folder, report);
    const disk = (size: number, ...names: string[]) => new SmallDisk(join(folder, ...names), size);
    this.kafka = disk(512, 'kafka', 'data');
    this.postgres = disk(1_536, 'postgres');
    this.blobs = disk(64, 'blobs');
    this.state = disk(32, 'state');
  }

  override async close(): Promise<void> {
    await super.close();
    for (const disk of [this.kafka, this.postgres, this.blobs, this.state]) disk.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function upload(storm: Storm): Promise<number> {
  const { url } = storm.of('editor-api')[0]!;
  const headers = { Authorization: storm.authorization, 'Content-Type': 'image/jpeg' };
  const body = new Uint8Array(await pictureOf(storm.random));
  const answer = await fetch(new URL('/stories/storm/media', url), { method: 'POST', headers, body });
  await answer.body?.cancel();
  return answer.status;
}

interface Trying {
  readonly disks: Disks;
  readonly storm: Storm;
  readonly report: Report;
}

async function fullServer({ disks, report }: Trying, name: ServerName): Promise<void> {
  const end = performance.now() + lastsMs[report.scale];
  for (; performance.now() < end; await sleep(500)) disks[name].fill();
  disks[name].free();
  // Kafka and Postgres may have ended because of it. An operator starts them again after making room.
  await disks.stop(name);
  await disks.start(name);
}

async function readOnlyServer({ disks, report }: Trying, name: ServerName): Promise<void> {
  await disks.stop(name);
  await disks[name].setReadOnly(true);
  await sleep(lastsMs[report.scale]);
  const started = await disks.start(name).then(
    () => true,
    () => false,
  );
  if (started) report.violations.push(`${name} runs on a read-only file system`);
  await disks.stop(name);
  await disks[name].setReadOnly(false);
  await disks.start(name);
}

async function blobs({ disks, storm, report }: Trying, isFull: boolean): Promise<void> {
  const set = async (on: boolean) => {
    if (!isFull) await disks.blobs.setReadOnly(on);
    else if (on) disks.blobs.fill();
    else disks.blobs.free();
  };
  await set(true);
  const end = performance.now() + lastsMs[report.scale];
  for (; performance.now() < end; await sleep(2_000)) {
    const status = await upload(storm);
    if (status !== 503)
      report.violations.push(`an upload to a ${isFull ? 'full' : 'read-only'} store was answered ${status}`);
  }
  await set(false);
  const status = await upload(storm);
  if (status !== 201)
    report.violations.push(`an upload after a ${isFull ? 'full' : 'read-only'} store was answered ${status}`);
}

async function state({ disks, storm, report }: Trying): Promise<void> {
  // One that could not open its state at its start has a temporary file elsewhere.
  const isElsewhere = ({ app }: Slot) => app?.output.some(line => line.includes('STATE_DIR cannot be used'));
  const editors = storm.of('editor-api').filter(slot => !isElsewhere(slot));
  const before = new Map(editors.map(({ app }) => [app, app?.output.length]));
  const notices = ({ app }: Slot) =>
    app?.output
      .slice(before.get(app) ?? 0)
      .some(line => /the state cannot be written|STATE_DIR cannot be used/.test(line));
  const began = performance.now();
  const lasts = () => performance.now() - began;
  // A process writes its state every ten seconds or so.
  while (lasts() < lastsMs[report.scale] || (lasts() < noticedWithinMs && !editors.every(notices))) {
    disks.state.fill();
    await sleep(500);
  }
  if (!editors.every(notices))
    report.violations.push('an editor-api did not notice that the disk of its state is full');
  disks.state.free();
}

/** The kernel makes the disk read-only while nobody writes to it, so the editor-apis are killed before, and start on it. */
async function readOnlyState({ disks, storm, report }: Trying): Promise<void> {
  await Promise.all(storm.of('editor-api').map(slot => slot.kill()));
  await disks.state.setReadOnly(true);
  const before = storm.acknowledged;
  await sleep(lastsMs[report.scale]);
  if (storm.acknowledged === before) report.violations.push('nothing was posted while the desks’ state was read-only');
  await Promise.all(storm.of('editor-api').map(slot => slot.kill()));
  await disks.state.setReadOnly(false);
}

const faults: Readonly<Record<string, (it: Trying) => Promise<void>>> = {
  'the disk of Kafka full': it => fullServer(it, 'kafka'),
  'the disk of Postgres full': it => fullServer(it, 'postgres'),
  'the disk of pictures full': it => blobs(it, true),
  'the disk of the desks’ state full': state,
  'the disk of Kafka read-only': it => readOnlyServer(it, 'kafka'),
  'the disk of Postgres read-only': it => readOnlyServer(it, 'postgres'),
  'the disk of pictures read-only': it => blobs(it, false),
  'the disk of the desks’ state read-only': readOnlyState,
};
const names = Object.keys(faults);

async function withDisks(disks: Disks, tries: number, report: Report): Promise<Found> {
  await disks.open();
  const wire = async (name: string, env: Record<string, string>) => {
    const own = join(disks.state.path, `${name}-${Math.random()}`);
    return { env: { ...env, ...(name === 'editor-api' && { STATE_DIR: own }) } };
  };
  const env = {
    BLOB_STORE: pathToFileURL(join(disks.blobs.path, 'blobs')).href,
  };
  const storm = await Storm.open(report.seed, { wire, env, supervised: true });
  const { violations } = report;
  const over = new AbortController();
  const starts = supervise(storm.slots, over.signal);
  try {
    const found = await storm.during(async () => {
      let ran = 0;
      for (; ran < tries && !report.signal.aborted; ran++) {
        const name = names[ran % names.length]!;
        report.line(`${ran + 1} of ${tries}: ${name}`);
        await sleep(1_000);
        const before = storm.acknowledged;
        await faults[name]!({ disks, storm, report });
        report.line(`${storm.acknowledged - before} posts acknowledged meanwhile`);
        if (!(await storm.areReadersBack(backWithinMs))) violations.push(`${name}: readers were late`);
        await storm.checkSlots(name);
      }
      over.abort();
      await starts;
      return ran;
    }, report);
    return {
      ...found,
      violations: [...new Set(violations), ...found.violations],
      figures: { 'processes started again': await starts, ...found.figures },
    };
  } finally {
    over.abort();
    await starts;
    await storm.close();
  }
}

export const disks: Row = {
  name: 'disks',
  fault:
    'the disk full or read-only under Kafka, Postgres, the pictures and the desks’ state, under load with keys and retries',
  invariant:
    'each acknowledged post is in the log once, where its author was told; each command gets a final answer; saved drafts and posted pictures are there; nothing under embargo reaches readers; nothing is answered but 503 where it cannot be done; readers are up to date when there is space again; verify says EQUAL',
  unit: 'time',
  short: names.length,
  long: 5 * names.length,
  needsServers: false,
  run: async (tries, report): Promise<Found> => {
    const folder = mkdtempSync(join(tmpdir(), 'dateline-disks-'));
    const lacked = lackedBySmallDisks(folder);
    if (lacked) throw new Error(`Not possible here: ${lacked}.`);
    const before = { ...process.env };
    const disks = new Disks(folder, report);
    try {
      return await withDisks(disks, tries, report);
    } finally {
      process.env = before;
      await disks.close();
    }
  },
};
