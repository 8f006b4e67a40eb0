import { z } from 'zod';

/** Where the database is. Secret, as the URL holds a password: a file may hold it. */
export const databaseSettings = {
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' })
    .meta({ description: 'URL of the projections’ database.', secret: true }),
};
