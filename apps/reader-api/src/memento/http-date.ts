/** RFC 1123 in GMT, which is in whole seconds: what lies after the last one that had begun is not told. */
export const httpDate = (instant: string): string => new Date(instant).toUTCString();

/** The instant in milliseconds since 1970 that an HTTP date names; undefined for anything but RFC 1123 in GMT. */
export function readHttpDate(text: string): number | undefined {
  const instant = Date.parse(text);
  return Number.isNaN(instant) || new Date(instant).toUTCString() !== text ? undefined : instant;
}
