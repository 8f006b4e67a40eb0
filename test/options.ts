import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
export type Read<Known extends Options> = ReturnType<typeof parseArgs<{ options: Known; allowPositionals: boolean }>>;

/**
 * Parses a command line. `--help` prints `usage` and exits with 0. An unknown option prints the error, then `usage`, and
 * exits with 2.
 */
export function readOptions<Known extends Options>(usage: string, known: Known, allowPositionals = false): Read<Known> {
  const typed = process.argv.slice(2);
  if (typed.includes('--help') || typed.includes('-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs({ args: typed, options: known, allowPositionals });
  } catch (error) {
    // Node's second sentence explains how to pass an argument that begins with a dash.
    console.error(`${(error as Error).message.split('. ')[0]!}\n\n${usage}`);
    process.exit(2);
  }
}
