import { parseArgs } from 'node:util';

export interface Arguments {
  /** The folder of the story to play. */
  readonly story: string;
  /** Full speed, free ports, throw-away data, then the end. */
  readonly once: boolean;
  /** What earlier runs kept is deleted first. */
  readonly fresh: boolean;
}

/** What the command line asks for, or what to tell whoever typed it. */
export type Asked = { readonly run: Arguments } | { readonly help: string } | { readonly wrong: string };

export const usage = `npm start                 play the story at a pace to watch, and stay up until Ctrl-C
npm start -- --fresh      the same, after deleting what earlier runs kept
npm start -- --once       the same at full speed, on free ports and throw-away data, then end
npm start -- --help       this

  --story FOLDER          another story to play than the one that comes with npm start

KAFKA_BROKERS and DATABASE_URL name servers of your own; LOG_TOPIC the topic that is the log.
PROVISION=external|docker|native insists on one way of running the servers.
NO_COLOR=1 prints without colours.`;

const options = {
  story: { type: 'string' },
  once: { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const wrong = (why: string): Asked => ({ wrong: `${why}\n\n${usage}` });

/** Total: whatever was typed gets an answer. */
export function readArguments(typed: readonly string[]): Asked {
  const { story, once, fresh, help, error } = parsed(typed);
  if (error !== undefined) return wrong(error);
  if (help) return { help: usage };
  if (!story) return wrong('--story needs the folder of a story.');
  if (once && fresh)
    return wrong('--once has throw-away data and touches nothing that is kept, so --fresh does not go with it.');
  return { run: { story, once, fresh } };
}

function parsed(typed: readonly string[]) {
  try {
    return { ...parseArgs({ args: [...typed], options, allowPositionals: false }).values, error: undefined };
  } catch (error) {
    // Node's second sentence explains a corner that does not exist here.
    return {
      story: undefined,
      once: false,
      fresh: false,
      help: false,
      error: (error as Error).message.split('. ')[0]!,
    };
  }
}
