import { kafkaReader } from '#event-log';
import { keySettings, openKeyStore } from '#keys';
import { complain, interruption, kafkaSettings, logOf, print, printableJson, readSettings } from '#platform';
import { Command, Option } from 'nest-commander';
import { AuditCommand, exits, JsonFlag, LostKeysOption } from '../audit-command.js';
import { endOf } from '../bundle/winners.js';
import { lostKeys } from '../lost.js';
import { progress, type ProgressDisplay } from '../progress.js';
import { replaceKeys, type Lacked } from './keys.js';

interface Options {
  readonly from?: string;
  readonly lostKeys?: string;
  readonly json?: boolean;
}

/** Maximum number of keys named for a person. */
const mostNamed = 20;

@Command({
  name: 'keys',
  description:
    'list the keys of the log’s words that the key store lacks; put them back from another store, or give them up',
})
/** `audit keys`: the way back after a key store lost keys. */
export class KeysCommand extends AuditCommand {
  async run(_parameters: string[], options: Options): Promise<void> {
    const signal = interruption();
    const shown = progress('looking for keys');
    try {
      const lacked = await this.search(options, shown, signal);
      shown.stop();
      print(options.json ? printableJson({ ...lacked }) : lines(lacked));
      process.exitCode = lacked.missing.length > 0 ? exits.different : exits.fine;
    } catch (error) {
      shown.stop();
      complain(signal.aborted ? 'Interrupted. What was put back stays; run it again.' : (error as Error).message);
      process.exitCode = signal.aborted ? exits.interrupted : exits.unable;
    }
  }

  private async search({ from, ...given }: Options, shown: ProgressDisplay, signal: AbortSignal): Promise<Lacked> {
    const settings = readSettings({ ...kafkaSettings, ...keySettings });
    const lost = await lostKeys(given.lostKeys);
    const { KEY_STORE: other } = from === undefined ? {} : keySettingsOf(from);
    const log = logOf(settings);
    const reader = kafkaReader(log);
    const store = openKeyStore(settings);
    const others = other === undefined ? undefined : openKeyStore({ ...settings, KEY_STORE: other });
    try {
      const end = await endOf(reader, log.topic);
      return await replaceKeys({ reader, end, store, from: others, lost, onProgress: shown.show }, signal);
    } finally {
      await Promise.all([reader.close(), store.close(), others?.close()]);
    }
  }

  @Option({
    flags: '--from <store>',
    description:
      'another key store that may have them: the postgres:// URL of a server, or the file:// URL of a folder',
  })
  from(store: string): string {
    return store;
  }

  @LostKeysOption
  lostKeys(list: string): string {
    return list;
  }

  @JsonFlag
  json(): boolean {
    return true;
  }
}

/** Checks an address as the setting is checked. */
function keySettingsOf(from: string): { readonly KEY_STORE: string } {
  const read = keySettings.KEY_STORE.safeParse(from);
  if (!read.success || read.data === undefined)
    throw new Error('--from must be a postgres:// URL, or a file:// URL of a folder.');
  return { KEY_STORE: read.data };
}

function lines({ found, givenUp, missing }: Lacked): string[] {
  const done = found + givenUp;
  return [
    ...missing
      .slice(0, mostNamed)
      .map(({ key, position, stream }) => `MISSING: ${key}, first at position ${position} of ${stream}`),
    ...(missing.length > mostNamed ? [`and ${missing.length - mostNamed} more, which --json names`] : []),
    `${missing.length} keys are missing; ${found} were put back, ${givenUp} given up.`,
    ...(done > 0 ? ['Restart the projectors: they fold the streams that were in quarantine.'] : []),
    ...(missing.length > 0
      ? [
          'Look for them in the server that was replaced, or in a backup: --from STORE. Give up what is lost: --lost-keys LIST.',
        ]
      : []),
  ];
}
