import { complain, print, printableJson } from '#platform';
import { scrub } from '#projections';
import { Command } from 'nest-commander';
import { AuditCommand, exits, JsonFlag, onDatabase } from '../audit-command.js';
import { progress } from '../progress.js';

@Command({
  name: 'scrub',
  description:
    'run it as the projector’s role after a takedown: rewrite tables, so that deleted rows leave the database’s files',
})
/** `audit scrub`: destroys the keys of taken-down content again. */
export class ScrubCommand extends AuditCommand {
  async run(_parameters: string[], { json = false }: { readonly json?: boolean }): Promise<void> {
    const shown = progress('rewriting tables');
    try {
      const tables = await onDatabase(({ pool }) =>
        scrub(pool, (done, all) => shown.show(done, all, 'rewriting tables')),
      );
      shown.stop();
      print(json ? printableJson({ tables }) : [...tables, `${tables.length} tables rewritten.`]);
    } catch (error) {
      shown.stop();
      complain((error as Error).message);
      process.exitCode = exits.unable;
    }
  }

  @JsonFlag
  json(): boolean {
    return true;
  }
}
