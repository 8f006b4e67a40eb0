import { complain, print, printableJson } from '#platform';
import type { Stores } from '#projections';
import { AuditCommand, exits, onDatabase } from '../audit-command.js';
import type { HistoryAnswer } from './answer.js';

/** The option for JSON output. */
export interface JsonOption {
  readonly json?: boolean;
}

/** A question about the past, answered only from the live build. */
export abstract class Question<Options extends JsonOption = JsonOption> extends AuditCommand {
  protected abstract answer(stores: Stores, parameters: readonly string[], options: Options): Promise<HistoryAnswer>;

  async run(parameters: string[], options: Options): Promise<void> {
    try {
      const { json, lines } = await onDatabase(stores => this.answer(stores, parameters, options));
      print(options.json ? printableJson(json) : lines);
    } catch (error) {
      complain((error as Error).message);
      process.exitCode = exits.unable;
    }
  }
}
