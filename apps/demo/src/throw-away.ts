import type { Report, Services } from '#dev-servers';
import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A temporary database and topic for one run, on given servers. */
export interface ThrowAway {
  readonly databaseUrl: string;
  readonly topic: string;
  drop(): Promise<void>;
}

/** Creates a temporary database and topic. */
export async function throwAwayOn({ databaseUrl }: Services, say: Report): Promise<ThrowAway> {
  const id = randomBytes(6).toString('hex');
  const [database, topic] = [`dateline_once_${id}`, `dateline-once-${id}`];
  await run(databaseUrl, `create database ${database}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${database}`;
  const drop = async () => {
    await run(databaseUrl, `drop database if exists ${database} with (force)`);
    say(`your Kafka still holds the topic ${topic}; you can delete it`);
  };
  return { databaseUrl: url.href, topic, drop };
}

async function run(databaseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect().catch((error: Error) => {
    throw new Error(`The PostgreSQL server in DATABASE_URL cannot be used: ${error.message}`, { cause: error });
  });
  await client.query(statement).finally(() => client.end());
}
