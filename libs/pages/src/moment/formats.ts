/** The most formatters that are kept; each takes some ten kilobytes. */
const most = 100;

/** Keeps what `make` makes of each set of arguments: to make a formatter takes a hundred times as long as to use it. */
function kept<Of extends unknown[], Format>(make: (...of: Of) => Format): (...of: Of) => Format {
  const formats = new Map<string, Format>();
  return (...of) => {
    const key = JSON.stringify(of);
    const found = formats.get(key);
    if (found) return found;
    if (formats.size >= most) formats.clear();
    const format = make(...of);
    formats.set(key, format);
    return format;
  };
}

export const dateFormat = kept(
  (locale: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
);

export const numberFormat = kept((locale: string) => new Intl.NumberFormat(locale));
