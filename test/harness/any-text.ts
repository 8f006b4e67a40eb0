import fc, { type StringConstraints } from 'fast-check';

const surrogates = { from: 0xd800, count: 0x800 };

/**
 * Any text of Unicode, down to control characters. Like fast-check's `unit: 'binary'`, which first maps a million code points, for a
 * second in every file that uses it.
 */
export const anyText = (constraints: Omit<StringConstraints, 'unit'> = {}): fc.Arbitrary<string> =>
  fc.string({
    ...constraints,
    unit: fc
      .nat({ max: 0x10ffff - surrogates.count })
      .map(code => String.fromCodePoint(code < surrogates.from ? code : code + surrogates.count)),
  });
