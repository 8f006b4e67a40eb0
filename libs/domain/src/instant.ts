/** What is said of an instant that no command and no question may name. */
export const yearsError = 'must be in one of the years 0001 to 9999 in UTC';

/**
 * Whether an instant is in a year that ISO 8601 writes with four digits in UTC, whatever its offset says. Outside of them texts
 * do not sort as instants do, and other years would be written with a sign. Logs from before this was asked are read as they are.
 */
export const isInFourDigitYears = (instant: string): boolean => {
  const year = new Date(instant).getUTCFullYear();
  return year >= 1 && year <= 9_999;
};
