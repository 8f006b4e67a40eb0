import type { Counted, SignaturesSeen } from './seen.js';

/** The part of a report that says who signed the commits, also as JSON. */
export interface SignaturesReport extends Omit<SignaturesSeen, 'latest' | 'counted'> {
  /** Whether the certifying keys were compared with expected ones. */
  readonly certifierChecked: boolean;
}

/** Builds the part of the report. */
export const signaturesReport = (
  { latest: _, counted: __, ...seen }: SignaturesSeen,
  certifiers: readonly string[] | undefined,
): SignaturesReport => ({ ...seen, certifierChecked: certifiers !== undefined });

/** The reasons for checks of signatures that could not be made. */
export const uncheckedSignatures = ({ signed, certifierChecked }: SignaturesReport): string[] =>
  signed > 0 && !certifierChecked
    ? ['Nobody said whose certificates count. Name the certifying key with --certifier FINGERPRINT|FILE.']
    : [];

const places = ({ count, positions }: Counted) =>
  `${positions.length === 1 ? 'position' : 'positions'} ${positions.join(', ')}${count > positions.length ? ` and ${count - positions.length} more` : ''}`;

/** Lines for a person. */
export function signatureLines({ signed, unsigned, unproven, certifiers }: SignaturesReport): string[] {
  return [
    `signatures: ${signed} commits are signed, ${unsigned.count} are not`,
    ...certifiers.map(certifier => `  certified by ${certifier}`),
    ...(unsigned.count > 0
      ? [`NOT SIGNED: ${places(unsigned)}. Anybody who may write to the log can have written them.`]
      : []),
    ...(unproven.count > 0
      ? [`NOT PROVEN: ${places(unproven)}: signed, but the log does not show what the command asked for.`]
      : []),
  ];
}
