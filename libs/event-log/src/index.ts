export const eventlogName = 'event-log';
