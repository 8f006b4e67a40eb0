import 'reflect-metadata';
import { complain } from '#platform';
import { Module } from '@nestjs/common';
import { CommandFactory, InjectCommander, type CommandRunner } from 'nest-commander';
import { exits, misused, refusal } from './audit-command.js';
import { CheckCommand } from './bundle/check/check.command.js';
import { ExportCommand } from './bundle/export.command.js';
import { RestoreCommand } from './bundle/restore/restore.command.js';
import { CollectCommand } from './collect/collect.command.js';
import { HeadsCommand } from './heads/heads.command.js';
import { DiffCommand, GapCommand, LateCommand, TrailCommand } from './history/commands.js';
import { KeygenCommand } from './keygen.command.js';
import { KeysCommand } from './keys/keys.command.js';
import { BuildsCommand } from './rebuild/builds.command.js';
import { RebuildCommand } from './rebuild/rebuild.command.js';
import { ScrubCommand } from './scrub/scrub.command.js';
import { VerifyCommand } from './verify/verify.command.js';

/** Lists every command. A new command is a file and a line here. */
@Module({
  providers: [
    VerifyCommand,
    TrailCommand,
    DiffCommand,
    LateCommand,
    GapCommand,
    ExportCommand,
    CheckCommand,
    RestoreCommand,
    HeadsCommand,
    KeygenCommand,
    RebuildCommand,
    BuildsCommand,
    ScrubCommand,
    CollectCommand,
    KeysCommand,
  ],
})
export class AuditModule {
  constructor(@InjectCommander() commander: Parameters<CommandRunner['setCommand']>[0]) {
    commander.name('npm run audit --');
  }
}

await CommandFactory.run(AuditModule, {
  cliName: 'audit',
  logger: false,
  errorHandler: misused,
  outputConfiguration: { outputError: refusal },
  serviceErrorHandler: error => {
    complain(error.message);
    process.exitCode = exits.unable;
  },
});
// A kept-alive connection to a dead server must not delay the exit.
process.exit();
