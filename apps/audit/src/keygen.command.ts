import { makeSigningKey, publicHalf } from '#bundle';
import { complain, print, printableJson } from '#platform';
import { Command, Option } from 'nest-commander';
import { AuditCommand, exits } from './audit-command.js';

@Command({
  name: 'keygen',
  description: 'make a key that signs bundles and heads; prints its public half, to be kept where the bundles are not',
})
export class KeygenCommand extends AuditCommand {
  async run(_parameters: string[], { to }: { to: string }): Promise<void> {
    try {
      const key = await makeSigningKey(to, { dev: false });
      complain(`${to} holds the private key: back it up, and set SIGNING_KEY_FILE=${to}.`);
      complain(`Its fingerprint, for --key: ${key.kid}. Its public half:`);
      print(printableJson(publicHalf(key)));
    } catch (error) {
      complain((error as Error).message);
      process.exitCode = exits.unable;
    }
  }

  @Option({ flags: '--to <file>', description: 'the file to make, which only its owner may read', required: true })
  to(file: string): string {
    return file;
  }
}
