/** One step of the tables, made once, in order. A step that was released is never changed. */
interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** Every step from an empty database to the tables that this Candor works with. */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE candor_store (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        key text NOT NULL,
        page_url text,
        page_generated_at timestamptz
      );
      CREATE TABLE candor_subscribers (
        id text PRIMARY KEY,
        email_key text NOT NULL,
        sealed_email text NOT NULL,
        leave_key text NOT NULL,
        sealed_leave text NOT NULL,
        components text[],
        language text NOT NULL,
        created_at timestamptz NOT NULL,
        confirmed_at timestamptz,
        suspended_at timestamptz,
        refusals integer NOT NULL DEFAULT 0,
        asked timestamptz[] NOT NULL DEFAULT '{}',
        owed_at timestamptz,
        due_at timestamptz,
        attempts integer NOT NULL DEFAULT 0,
        claim integer
      );
      CREATE UNIQUE INDEX candor_subscribers_email ON candor_subscribers (email_key);
      CREATE UNIQUE INDEX candor_subscribers_leave ON candor_subscribers (leave_key);
      CREATE INDEX candor_subscribers_due ON candor_subscribers (due_at) WHERE due_at IS NOT NULL;
      CREATE INDEX candor_subscribers_claim ON candor_subscribers (claim) WHERE claim IS NOT NULL;
      CREATE TABLE candor_tokens (
        key text PRIMARY KEY,
        subscriber text NOT NULL REFERENCES candor_subscribers ON DELETE CASCADE,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX candor_tokens_subscriber ON candor_tokens (subscriber);
      CREATE TABLE candor_seen (incident text PRIMARY KEY, at timestamptz NOT NULL);
      CREATE TABLE candor_announcements (
        incident text NOT NULL,
        at text NOT NULL,
        body text NOT NULL,
        PRIMARY KEY (incident, at)
      );
      CREATE TABLE candor_mails (
        subscriber text NOT NULL REFERENCES candor_subscribers ON DELETE CASCADE,
        incident text NOT NULL,
        updates text[] NOT NULL,
        owed_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        claim integer,
        PRIMARY KEY (subscriber, incident)
      );
      CREATE INDEX candor_mails_due ON candor_mails (due_at) WHERE claim IS NULL;
      CREATE INDEX candor_mails_claim ON candor_mails (claim) WHERE claim IS NOT NULL;
      CREATE SEQUENCE candor_workers AS integer CYCLE;
      CREATE FUNCTION candor_is_active(confirmed_at timestamptz, suspended_at timestamptz) RETURNS boolean
        LANGUAGE sql IMMUTABLE AS 'SELECT confirmed_at IS NOT NULL AND suspended_at IS NULL';
      CREATE FUNCTION candor_of_a_day(asked timestamptz[], at timestamptz) RETURNS timestamptz[]
        LANGUAGE sql IMMUTABLE AS 'SELECT ARRAY(SELECT a FROM unnest(asked) a WHERE a > at - interval ''24:00:00'')';
    `,
  },
];

/** The version of the tables that this Candor works with. */
export const tablesVersion = Math.max(...migrations.map(({ version }) => version));
