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
// A connection kept alive to a server that is gone must not keep us.
process.exit();
