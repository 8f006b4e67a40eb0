import 'reflect-metadata';
import { complain } from '#platform';
import { CommandFactory } from 'nest-commander';
import { exits, misused, refusal } from './audit-command.js';
import { AuditModule } from './audit.module.js';

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
