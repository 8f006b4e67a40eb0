import { freePort, serversIn } from '#dev-servers';
import { makeRoles, passwordsUnder } from '#postgres';
import { once } from 'node:events';
import { chmodSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from './row.js';

export type ServerName = 'kafka' | 'postgres';

interface Server {
  stop(): Promise<void>;
}

/** A killed server's port is free within this time. */
const freeWithinMs = 30_000;

/** Whether nobody listens at a port. */
async function refuses(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}

/** A broker and a Postgres for one row, with their data in a folder. */
export class OwnServers {
  readonly #servers = new Map<ServerName, Server>();
  readonly #ports = new Map<ServerName, number>();

  constructor(
    protected readonly folder: string,
    private readonly report: Report,
  ) {
    // The user of Postgres must reach its data.
    chmodSync(folder, 0o711);
  }

  /** Starts both, and sets the environment in which a newsroom opens on them. */
  async open(): Promise<void> {
    const [brokers, databaseUrl] = [await this.start('kafka'), await this.start('postgres')];
    Object.assign(process.env, { KAFKA_BROKERS: brokers, DATABASE_URL: databaseUrl, TEST_ROLES: 'made' });
    await makeRoles(databaseUrl, passwordsUnder(databaseUrl));
  }

  /** Starts a server, or starts it again with its data and at its address. */
  async start(name: ServerName): Promise<string> {
    const port = this.#ports.get(name) ?? (await freePort());
    this.#ports.set(name, port);
    const line = (text: string) => this.report.line(text);
    if (name === 'kafka') {
      const { brokers, ...server } = await serversIn.kafka(this.folder, port, line);
      this.#servers.set(name, server);
      return brokers;
    }
    const { databaseUrl, ...server } = await serversIn.postgres(this.folder, port, line);
    this.#servers.set(name, server);
    return databaseUrl;
  }

  stop = (name: ServerName) => this.#servers.get(name)?.stop();

  /**
   * Kills a server, and waits until nobody listens at its port: the sessions of Postgres end once they see that their parent is gone, and
   * one that had just begun may listen until then.
   */
  async kill(name: ServerName): Promise<void> {
    const { pid } = JSON.parse(readFileSync(join(this.folder, `${name}.pid`), 'utf8')) as { readonly pid: number };
    process.kill(pid, 'SIGKILL');
    await this.stop(name);
    const end = performance.now() + freeWithinMs;
    while (!(await refuses(this.#ports.get(name)!)) && performance.now() < end) await sleep(50);
  }

  async close(): Promise<void> {
    await Promise.all([this.stop('kafka'), this.stop('postgres')]);
  }
}
