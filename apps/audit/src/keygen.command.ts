import { makeSigningKey, publicHalf } from '#bundle';
import { complain, print, printableJson } from '#platform';
import { Command, Option } from 'nest-commander';
import { AuditCommand, exits } from './audit-command.js';

@Command({
  name: 'keygen',
  description:
    'create a key that signs bundles and heads, or certifies authors, and print its public half; keep that elsewhere',
})
/** `audit keygen`: creates a key for SIGNING_KEY_FILE or CERTIFYING_KEY_FILE. */
export class KeygenCommand extends AuditCommand {
  async run(_parameters: string[], { to }: { to: string }): Promise<void> {
    try {
      const key = await makeSigningKey(to, { dev: false });
      complain(`${to} holds the private key. Back it up, and set SIGNING_KEY_FILE or CERTIFYING_KEY_FILE to ${to}.`);
      complain(`Fingerprint, for --key or --certifier: ${key.kid}. Public half:`);
      print(printableJson(publicHalf(key)));
    } catch (error) {
      complain((error as Error).message);
      process.exitCode = exits.unable;
    }
  }

  @Option({ flags: '--to <file>', description: 'the file to create; only its owner gets read access', required: true })
  to(file: string): string {
    return file;
  }
}
