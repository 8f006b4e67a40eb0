/** The largest picture in bytes: 30 MB. */
export const largestPicture = 30_000_000;
/** The most pixels: 40 megapixels. */
export const mostPixels = 40_000_000;
/** The longest side in pixels, which is the longest that WebP can hold. */
export const longestSide = 16_383;
/** The widths of the renditions in pixels. A picture is never enlarged: a narrower one has its own width as the widest. */
export const renditionWidths = [320, 640, 960, 1_280, 1_920] as const;
/** The height in pixels that no rendition exceeds; of a taller picture they are narrower. */
export const tallestRendition = 8_192;
/** How long a picture may take, in milliseconds. */
export const longestWorkMs = 60_000;
/** How much memory its process may take, in bytes. */
export const workMemory = 900_000_000;
/** How often that is measured, in milliseconds. */
export const measureEveryMs = 50;
/** How many pictures are worked on at once, and how many more may wait. */
export const atOnce = 2;
export const mostWaiting = 20;
/** The most bytes that the process may answer: all renditions, and a header. */
export const largestAnswer = 60_000_000;
/** The most letters of the texts that are offered from a picture's metadata. */
export const longestOffered = { caption: 2_000, alt: 1_000, credit: 200, rights: 300 } as const;
