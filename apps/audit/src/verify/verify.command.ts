import { kafkaReader } from '#event-log';
import { readSettings } from '#platform';
import { projections } from '#projections';
import { Command, Option } from 'nest-commander';
import { AuditCommand, exits, onDatabase } from '../audit-command.js';
import { interruption } from '../interruption.js';
import { progress } from './progress.js';
import { exitCodeOf, lines, reportOf, type Report } from './report.js';
import { verify } from './verify.js';

@Command({
  name: 'verify',
  description: 'check every commit of the log, fold it anew and compare that with the tables that readers read',
})
export class VerifyCommand extends AuditCommand {
  async run(_parameters: string[], { json = false }: { json?: boolean }): Promise<void> {
    const signal = interruption();
    try {
      const report = await this.verify(signal);
      console.log(json ? JSON.stringify(report) : lines(report).join('\n'));
      process.exitCode = exitCodeOf(report);
    } catch (error) {
      const why = signal.aborted ? 'Interrupted; what was built for comparison is gone.' : (error as Error).message;
      console.error(why);
      if (json) console.log(JSON.stringify({ equal: false, unchecked: [why] }));
      process.exitCode = signal.aborted ? exits.interrupted : exits.unable;
    }
  }

  private async verify(signal: AbortSignal): Promise<Report> {
    const { KAFKA_BROKERS: brokers, LOG_TOPIC: topic } = readSettings(['KAFKA_BROKERS', 'LOG_TOPIC', 'DATABASE_URL']);
    const began = performance.now();
    const shown = progress(`verifying ${topic}`);
    const reader = kafkaReader({ brokers, topic });
    try {
      return await onDatabase(async (pool, { DATABASE_URL: databaseUrl }) => {
        const findings = await verify({ pool, databaseUrl, reader, projections, onProgress: shown.show }, signal);
        return reportOf(findings, topic, (performance.now() - began) / 1000);
      });
    } finally {
      shown.stop();
      await reader.close();
    }
  }

  @Option({ flags: '--json', description: 'one JSON object as the last line' })
  json(): boolean {
    return true;
  }
}
