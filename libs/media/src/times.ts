/** How long a ticket holds, in milliseconds. */
export const ticketMs = 20 * 3_600_000;
/** How old a file must be, by the store's clock, before it counts as one that no act will name: in milliseconds, longer than a ticket holds. */
export const waitsForEventMs = 24 * 3_600_000;
/** How far the clocks of a store and of a collector may be apart, in milliseconds: less than the time between these two. */
export const mostSkewMs = 3_600_000;
