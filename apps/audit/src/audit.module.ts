import { Module } from '@nestjs/common';
import { VerifyCommand } from './verify/verify.command.js';

/** Every command there is; a new one is its file and a line here. */
@Module({ providers: [VerifyCommand] })
export class AuditModule {}
