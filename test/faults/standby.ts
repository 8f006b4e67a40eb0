import { freePort, serversIn } from '#dev-servers';
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { FaultyLine } from './faulty-line.js';
import type { Random } from './simulator/random.js';

/** A server of PostgreSQL in a folder of its own. */
interface Running {
  readonly folder: string;
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

async function asked<T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** PostgreSQL behind one address, with a standby to which it replicates asynchronously, and which takes over. */
export class FailingOver {
  #primary!: Running;
  #standby: (Running & { readonly replication: FaultyLine }) | undefined;

  private constructor(
    private readonly folder: string,
    private readonly random: Random,
    private readonly line: FaultyLine,
    private readonly report: (text: string) => void,
  ) {}

  static async open(folder: string, random: Random, report: (text: string) => void): Promise<FailingOver> {
    const it = new FailingOver(folder, random, await FaultyLine.open(random), report);
    it.#primary = await it.#start(mkdtempSync(join(folder, 'server-')));
    it.#lead();
    return it;
  }

  /** The address that stays the same. */
  get databaseUrl(): string {
    return Object.assign(new URL(this.#primary.databaseUrl), { host: this.line.address }).href;
  }

  /** Makes a standby of the server by a copy of its files, and waits until it follows. */
  async addStandby(): Promise<void> {
    const folder = mkdtempSync(join(this.folder, 'server-'));
    const { hostname, port, password } = new URL(this.#primary.databaseUrl);
    const replication = await FaultyLine.open(this.random, `${hostname}:${port}`);
    copyFileSync(join(this.#primary.folder, 'postgres.password'), join(folder, 'postgres.password'));
    mkdirSync(join(folder, 'postgres'), { mode: 0o711 });
    const data = join(folder, 'postgres', 'data');
    await asked(this.#primary.databaseUrl, async client => {
      await client.query("alter system set wal_keep_size = '256MB'");
      await client.query('select pg_reload_conf()');
      await client.query("select pg_backup_start('standby', true)");
      execFileSync('cp', ['-a', join(this.#primary.folder, 'postgres', 'data'), data]);
      const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
      writeFileSync(join(data, 'backup_label'), rows[0]!.labelfile);
    });
    rmSync(join(data, 'postmaster.pid'), { force: true });
    const [host, at] = replication.address.split(':');
    const source = `host=${host} port=${at} user=postgres password=${password}`;
    appendFileSync(join(data, 'postgresql.auto.conf'), `\nprimary_conninfo = '${source}'\n`);
    writeFileSync(join(data, 'standby.signal'), '');
    execFileSync('chown', ['-R', `--reference=${join(data, 'PG_VERSION')}`, data]);
    this.#standby = { ...(await this.#start(folder)), replication };
  }

  /** From now on the standby gets nothing more. */
  cutOff(): void {
    this.#standby!.replication.begin('black hole');
  }

  /** Kills the server, and promotes the standby, which lacks what was written since it was cut off. */
  async failOver(): Promise<void> {
    const { replication, ...standby } = this.#standby!;
    process.kill(Number(/"pid":\s*(\d+)/.exec(this.#pidFile())?.[1]), 'SIGKILL');
    await replication.close();
    await this.#primary.stop();
    rmSync(this.#primary.folder, { recursive: true });
    await asked(standby.databaseUrl, client => client.query('select pg_promote(true, 60)'));
    [this.#primary, this.#standby] = [standby, undefined];
    this.#lead();
  }

  async close(): Promise<void> {
    await this.line.close();
    await this.#standby?.replication.close();
    await this.#standby?.stop();
    await this.#primary.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #pidFile = () => readFileSync(join(this.#primary.folder, 'postgres.pid'), 'utf8');

  #lead(): void {
    this.line.lead(new URL(this.#primary.databaseUrl).host);
  }

  async #start(folder: string): Promise<Running> {
    // The user of PostgreSQL must reach it.
    execFileSync('chmod', ['711', folder]);
    return { folder, ...(await serversIn.postgres(folder, await freePort(), this.report)) };
  }
}
