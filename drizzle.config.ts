import { defineConfig } from 'drizzle-kit';

/** `npm run db:generate` writes the SQL of a change of any room's tables, without a database. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/*/*/schema.ts',
  out: './src/storage/migrations',
});
