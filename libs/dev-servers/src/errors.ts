/** Every way in which starting servers can fail; the messages say what to do next. */
export const PROVISIONING_ERRORS = {
  'half-external': 'KAFKA_BROKERS and DATABASE_URL belong together: set both to use your own servers, or neither.',
  'unknown-way': 'PROVISION must be external, docker or native.',
  impossible: 'Kafka and PostgreSQL cannot be provided here. Make one of these ways possible:',
  'kept-elsewhere': 'The kept data belongs to a way of running the servers that is not available now:',
  'in-use': 'Another process is using the kept data. Stop it first, or use throw-away data (--once):',
  'start-failed': 'A server did not start:',
} as const;

/** The code of a reason why servers could not be started. */
export type ProvisioningErrorCode = keyof typeof PROVISIONING_ERRORS;

/** Servers could not be started; `code` says why. */
export class ProvisioningError extends Error {
  readonly code: ProvisioningErrorCode;

  constructor(code: ProvisioningErrorCode, detail = '') {
    super([PROVISIONING_ERRORS[code], detail].filter(Boolean).join('\n'));
    this.name = 'ProvisioningError';
    this.code = code;
  }
}
