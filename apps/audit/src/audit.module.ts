import { Module } from '@nestjs/common';
import { InjectCommander, type CommandRunner } from 'nest-commander';
import { CheckCommand } from './bundle/check/check.command.js';
import { RestoreCommand } from './bundle/restore/restore.command.js';
import { ExportCommand } from './bundle/export.command.js';
import { HeadsCommand } from './heads/heads.command.js';
import { DiffCommand } from './history/diff.command.js';
import { GapCommand } from './history/gap.command.js';
import { LateCommand } from './history/late.command.js';
import { TrailCommand } from './history/trail.command.js';
import { KeygenCommand } from './keygen.command.js';
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
  ],
})
export class AuditModule {
  constructor(@InjectCommander() commander: Parameters<CommandRunner['setCommand']>[0]) {
    commander.name('npm run audit --');
  }
}
