/** The size in bytes of the pieces in which a recording is read. */
export const pieceBytes = 524_288;
/** How long a recording's check may take, in milliseconds. */
export const longestWorkMs = 90_000;
/** How much memory its process may take, in bytes. */
export const workMemory = 400_000_000;
/** How many recordings are checked at once, and how many more may wait. */
export const atOnce = 2;
export const mostWaiting = 10;
/** How often a piece may be asked for, for each piece that the file has, and besides. */
export const [readsForPiece, readsBesides] = [6, 500] as const;
/** The most parts of a file that are blanked. */
export const mostPatches = 10_000;
/** The most bytes of a line that the process writes: captions, or patches. */
export const longestLine = 1_500_000;
/** Codecs that every browser plays. */
export const codecs: readonly string[] = ['avc', 'vp8', 'vp9', 'av1', 'aac', 'mp3', 'opus', 'vorbis', 'flac'];
