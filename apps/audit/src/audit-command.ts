import { keySettings, openKeyStore } from '#keys';
import { openPool } from '#postgres';
import { complain, printable, readSettings, type SettingsOf } from '#platform';
import type { Stores } from '#projections';
import { CommandRunner, Option } from 'nest-commander';

type Command = Parameters<CommandRunner['setCommand']>[0];

/** Base of every audit command: its exit code, and the streams for its answer and its messages. */
export abstract class AuditCommand extends CommandRunner {
  /** Commander's exit code for misuse, 1, means a difference in this tool. */
  override setCommand(command: Command): this {
    command.exitOverride(misused).configureOutput({ outputError: refusal });
    return super.setCommand(command);
  }
}

/** The option that every command has. nest-commander finds options only on the class itself. */
export const JsonFlag = Option({ flags: '--json', description: 'print one JSON object as the last line' });

/** The option of every command that checks keys. */
export const LostKeysOption = Option({
  flags: '--lost-keys <list>',
  description: 'developments whose keys are known to be lost: a file with one id per line, or ids separated by commas',
});

/** The option of every command that checks files of pictures. */
export const LostFilesOption = Option({
  flags: '--lost-files <list>',
  description: 'names of files that are known to be lost: a file with one name per line, or names separated by commas',
});

/** The option of every command that checks who signed commits. */
export const CertifierOption = Option({
  flags: '--certifier <key>',
  description: 'the expected certifier of authors’ keys: a file with a JWK or JWKS, or a fingerprint',
});
/** The option of every command that checks whether commits are signed. */
export const SignedFromOption = Option({
  flags: '--signed-from <position>',
  description: 'the position from which on every commit must be signed by its author',
});
/** Reads the position of that option. Ends the process if it is none. */
export function positionIn(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  complain('error: --signed-from must be a position: a whole number from 1');
  return process.exit(exits.unable);
}

/** The exit codes of all commands. */
export const exits = { fine: 0, different: 1, unable: 2, interrupted: 130 } as const;

/** Commander's message about a mistyped command line, and where to find help. */
export const refusal = (text: string, write: (text: string) => void): void =>
  write(
    `${text.trimEnd().split('\n').map(printable).join('\n')}\nFor the commands: npm run audit -- --help. For a command’s options, add --help after its name.\n`,
  );

/** Whether the command line was wrong. Commander has already printed the error; showing the help is no error. */
export const misused = (error: Error & { readonly exitCode?: number }): never =>
  process.exit(error.exitCode === 0 ? exits.fine : exits.unable);

/** Runs `work` with the database and the key store of the settings. */
export async function onDatabase<T>(
  work: (stores: Stores, settings: SettingsOf<typeof keySettings>) => Promise<T>,
): Promise<T> {
  const settings = readSettings(keySettings);
  const pool = openPool(settings.DATABASE_URL, { application: 'audit', max: 4, statementTimeout: 0 });
  const keys = openKeyStore(settings);
  try {
    return await work({ pool, keys }, settings);
  } finally {
    await Promise.all([pool.end(), keys.close()]);
  }
}
