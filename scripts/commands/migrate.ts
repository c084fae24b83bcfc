import { Command } from 'commander';
import { openDatabase } from '../../lib/adapters/subscriptions/postgres/database.ts';
import { migrate } from '../../lib/adapters/subscriptions/postgres/migrate.ts';
import { type Context, contextOf } from '../cli/context.ts';
import { environmentSettings } from '../cli/environment-settings.ts';
import { UsageError } from '../cli/errors.ts';

/** `candor migrate`: make the tables of the database, or bring them to the version of this Candor. */
export function command(): Command {
  return new Command('migrate')
    .description(
      'Make the tables of subscribers in the database that DATABASE_URL names, or bring them to the version of\nthis Candor. Several machines may do so at once; where there is nothing to do, nothing is done.',
    )
    .addHelpText('after', '\nExample:\n  DATABASE_URL=postgresql://candor@db.example.com/candor candor migrate')
    .action(async (_options: object, self: Command) => {
      process.stdout.write(await migrated(contextOf(self)));
    });
}

async function migrated(context: Context): Promise<string> {
  const { databaseUrl } = environmentSettings(context, ['DATABASE_URL']);
  if (databaseUrl === undefined) {
    throw new UsageError(
      'DATABASE_URL is not set, so there is no database to migrate.',
      'Set it to postgresql://USER:PASSWORD@HOST:5432/DATABASE. Without a database nothing has to be migrated.',
    );
  }
  const database = openDatabase(databaseUrl);
  try {
    const { from, to } = await migrate(database);
    if (context.format === 'json') return `${JSON.stringify({ place: database.place, from, to })}\n`;
    return from === to
      ? `${database.place} has the tables of this Candor already, version ${to}.\n`
      : `Brought ${database.place} from version ${from} to ${to}.\n`;
  } finally {
    await database.close();
  }
}
