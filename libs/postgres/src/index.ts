export const postgresName = 'postgres';
