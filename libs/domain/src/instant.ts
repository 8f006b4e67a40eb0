/** The error for an instant outside the supported years. */
export const yearsError = 'must be in one of the years 0001 to 9999 in UTC';

/**
 * Whether the instant's year has four digits in UTC, whatever its offset. Outside that range, texts do not sort in time order, and
 * years need a sign. Existing logs may hold such instants and are read unchanged.
 */
export const isInFourDigitYears = (instant: string): boolean => {
  const year = new Date(instant).getUTCFullYear();
  return year >= 1 && year <= 9_999;
};
