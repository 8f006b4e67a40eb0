import { z } from 'zod';

/** The address of the database. Secret, because it holds a password: a file may hold it. */
export const databaseSettings = {
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' })
    .meta({ description: 'URL of the projections’ database.', secret: true }),
};
