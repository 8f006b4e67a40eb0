import { pathTo } from '#client';
import type { Report } from '#dev-servers';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The addresses of a newsroom of `npm start`, and the tokens for it. */
export interface Addresses {
  readonly editor: string;
  readonly reader: string;
  readonly story: string;
  readonly token: string;
  /** The token of the second person of a takedown. */
  readonly lawyer: string;
  readonly kafkaBrokers: string;
  readonly databaseUrl: string;
  readonly topic: string;
  readonly blobStore: string;
  readonly logs: string;
  readonly data: string;
}

/** Files that only their owner may read: tokens must not appear on a terminal or in its history. */
export interface SignIn {
  /** For a shell to source: addresses, tokens, and the settings of `npm run audit`. */
  readonly env: string;
  /** A page that opens the desk, signed in as an editor. */
  readonly desk: string;
  /** A page that opens the desk, signed in as the lawyer. */
  readonly lawyersDesk: string;
}

/** The desk's address with its token after the `#`, which a browser sends to no server. */
const deskOf = ({ editor, story }: Addresses, token: string) => `${editor}${pathTo('desk', story)}#token=${token}`;

/** Writes the files into `folder` and returns their paths. `given`: the environment, which may name servers of the person. */
export function writeSignIn(addresses: Addresses, folder = '.dateline', given = process.env): SignIn {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    // The mode above applies only to a new file.
    chmodSync(file, 0o600);
    return file;
  };
  return {
    env: write('env', environmentOf(addresses, given)),
    desk: write('desk.html', pageTo(deskOf(addresses, addresses.token))),
    lawyersDesk: write('lawyers-desk.html', pageTo(deskOf(addresses, addresses.lawyer))),
  };
}

function environmentOf(addresses: Addresses, given: NodeJS.ProcessEnv): string {
  const { editor, reader, token, lawyer, kafkaBrokers, databaseUrl, topic, blobStore } = addresses;
  const audited = { KAFKA_BROKERS: kafkaBrokers, DATABASE_URL: databaseUrl, LOG_TOPIC: topic, BLOB_STORE: blobStore };
  // libs/dev-servers/bin/started.mjs reads it: `npm start` in a shell that has sourced the file must not use these servers.
  const chosen = Object.entries(audited).filter(([name, value]) => given[name] !== value);
  const variables = {
    EDITORS: editor,
    READERS: reader,
    TOKEN: token,
    LAWYER: lawyer,
    DESK: deskOf(addresses, token),
    LAWYERS_DESK: deskOf(addresses, lawyer),
    ...audited,
    OF_NPM_START: chosen.map(variable => variable.join('=')).join(' '),
  };
  const quoted = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quoted(value)}\n`)
    .join('');
}

const pageTo = (address: string): string => `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${attribute(address)}">
<title>Dateline: to the desk</title>
<a href="${attribute(address)}">To the desk</a>
`;

const attribute = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens the file in the person's browser, or reports that none can be started. */
export function openInBrowser(file: string, say: Report): void {
  const [command, ...args] = openers[process.platform] ?? ['xdg-open'];
  spawn(command, [...args, file], { stdio: 'ignore', detached: true })
    .on('error', () => say(`No browser could be started with ${command}; open ${file} in yours.`))
    .unref();
}
