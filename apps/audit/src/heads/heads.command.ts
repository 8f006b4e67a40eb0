import { kafkaReader } from '#event-log';
import { complain, interruption, kafkaSettings, logOf, print, printableJson, readSettings } from '#platform';
import { Command, Option } from 'nest-commander';
import { AuditCommand, exits, JsonFlag } from '../audit-command.js';
import { trusted } from '../trust.js';
import { progress } from '../progress.js';
import { LogWatch } from './log-watch.js';
import { readHeads } from './read-heads.js';
import { headLines, headsReportOf, readAll, type HeadsReport } from './report.js';

interface Options {
  readonly key?: string;
  readonly json?: boolean;
}

@Command({
  name: 'heads',
  arguments: '<heads>',
  description:
    'compare the log with signed heads in a file or at a URL, to see whether its tail was cut or its past rewritten',
})
/** `audit heads`: compares a log with signed heads. */
export class HeadsCommand extends AuditCommand {
  async run([from]: string[], { key, json = false }: Options): Promise<void> {
    const signal = interruption();
    try {
      const report = await this.compare(from!, key, signal);
      print(json ? printableJson(report) : headLines(report));
      process.exitCode = report.first ? exits.different : report.equal ? exits.fine : exits.unable;
    } catch (error) {
      const why = signal.aborted ? 'Interrupted.' : (error as Error).message;
      complain(why);
      if (json) print(printableJson({ equal: false, unchecked: [why] }));
      process.exitCode = signal.aborted ? exits.interrupted : exits.unable;
    }
  }

  private async compare(from: string, key: string | undefined, signal: AbortSignal): Promise<HeadsReport> {
    const log = logOf(readSettings(kafkaSettings));
    const reader = kafkaReader(log);
    const shown = progress(`reading ${log.topic}`);
    try {
      // Heads are read first, so that the log's end, asked for afterwards, covers all of them.
      const given = await readHeads(from, await trusted(key), signal);
      const watch = new LogWatch(given.heads);
      await readAll(reader, watch, shown, signal);
      return headsReportOf(log.topic, watch, given);
    } finally {
      shown.stop();
      await reader.close();
    }
  }

  @Option({ flags: '--key <key>', description: 'the expected signer: a file with a JWK or JWKS, or a fingerprint' })
  key(key: string): string {
    return key;
  }

  @JsonFlag
  json(): boolean {
    return true;
  }
}
