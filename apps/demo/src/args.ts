import { parseArgs } from 'node:util';
import type { Restoring } from './restore.js';

/** The command line's options. */
export interface Arguments {
  /** The folder of the story to play. */
  readonly story: string;
  /** Full speed, free ports, temporary data; then exit. */
  readonly once: boolean;
  /** Delete the data of earlier runs first. */
  readonly fresh: boolean;
  /**
   * Port of the editor API; the reader API, the projector and the fetcher use the three after it. A port in use is replaced.
   */
  readonly port: number;
  /** Open the desk in a browser, signed in. */
  readonly open: boolean;
  /** A bundle to start with, instead of the story. */
  readonly restore: Restoring | undefined;
}

const defaultPort = 4800;
/** Four consecutive ports must fit below 65,536. */
const lastPort = 65_532;

/** The parsed command line, or the text to print. */
export type Asked = { readonly run: Arguments } | { readonly help: string } | { readonly wrong: string };

/** The text that `--help` prints. */
export const usage = `npm start                 play the story slowly enough to watch, and keep running until Ctrl-C
npm start -- --fresh      the same, after deleting the data of earlier runs
npm start -- --once       the same at full speed, on free ports with throw-away data, then end
npm start -- --open       open the desk in your browser, signed in, when the newsroom is up
npm start -- --fresh --restore BUNDLE
                          delete the kept data, restore a bundle, verify it, and keep running
npm start -- --once --restore BUNDLE
                          test whether a bundle can be restored: with throw-away data, then end
npm start -- --help       print this help

  --story FOLDER          play another story than the default one
  --key KEY, --lost-keys LIST, --lost-files LIST
                          with --restore: options of npm run audit -- restore
  --port N                editors at port N, readers at N + 1 (default ${defaultPort}); a free port replaces a taken one

KAFKA_BROKERS and DATABASE_URL name your own servers; LOG_TOPIC names the log’s topic.
PROVISION=external|docker|native insists on one way of running the servers.
NO_COLOR=1 prints without colours.`;

const options = {
  story: { type: 'string' },
  once: { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
  open: { type: 'boolean', default: false },
  restore: { type: 'string' },
  key: { type: 'string' },
  'lost-keys': { type: 'string' },
  'lost-files': { type: 'string' },
  port: { type: 'string', default: String(defaultPort) },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const wrong = (why: string): Asked => ({ wrong: `${why}\n\n${usage}` });

/** Parses the command line. Total: every input gets an answer. */
export function readArguments(typed: readonly string[]): Asked {
  const { values, error } = parsed(typed);
  if (error !== undefined) return wrong(error);
  const { story, once, fresh, open, help } = values;
  if (help) return { help: usage };
  if (!story) return wrong('--story needs the folder of a story.');
  if (once && fresh) return wrong('--once uses throw-away data and deletes nothing. Leave out --fresh.');
  const restore = restoring(values);
  if (restore === 'wrong') return wrong('--key, --lost-keys and --lost-files need --restore BUNDLE.');
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : NaN;
  if (!(port >= 1 && port <= lastPort)) return wrong(`--port needs a number from 1 to ${lastPort}.`);
  return { run: { story, once, fresh, port, open, restore } };
}

type Typed = Readonly<Partial<Record<'restore' | 'key' | 'lost-keys' | 'lost-files', string>>>;

function restoring(values: Typed): Restoring | undefined | 'wrong' {
  const { restore: bundle, key, 'lost-keys': lostKeys, 'lost-files': lostFiles } = values;
  if (bundle) return { bundle, key, lostKeys, lostFiles };
  return bundle === '' || [key, lostKeys, lostFiles].some(each => each !== undefined) ? 'wrong' : undefined;
}

function parsed(typed: readonly string[]) {
  try {
    return { values: parseArgs({ args: [...typed], options, allowPositionals: false }).values };
  } catch (error) {
    // Node's second sentence explains a case that does not occur here.
    return { error: (error as Error).message.split('. ')[0]! };
  }
}
