/** Phrases that are hard to understand. Pages of documentation and texts of the product must not contain them. */
export const riddles = [
  'what (was|is) told',
  'cannot be had',
  'made (anew|again)',
  'stands',
  'lies',
  'whoever',
  'anew',
  'by (itself|themselves)',
  'for ever',
  "of (its|their|one’s|one's) own",
  'told of',
  'its like',
  '(it|they) goes? on',
  'what (became|was said|stood)',
  'decided upon',
  'thrown away',
  'as it comes',
  'stand still',
];

/** Finds any of the phrases, as whole words, across line breaks. */
export const anyOf = (phrases: readonly string[]) =>
  new RegExp(String.raw`\b(${phrases.join('|').replaceAll(' ', String.raw`\s+`)})\b`, 'gi');
