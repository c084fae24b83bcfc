/** Vendors and products that components run on, and what merchants feel of them; no merchant should have to know them. */
export const vendors: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Payments: ['stripe', 'adyen', 'braintree', 'worldpay', 'dlocal', 'rapyd'],
    'Email Delivery': ['sendgrid', 'mailgun', 'postmark', 'mailchimp', 'mandrill', 'sparkpost', 'ses'],
    'Text Messages': ['twilio', 'vonage', 'nexmo', 'plivo', 'messagebird', 'sns'],
    'Signing In': ['auth0', 'okta', 'cognito', 'keycloak', 'onelogin', 'clerk'],
    Search: ['elasticsearch', 'opensearch', 'algolia', 'solr', 'meilisearch', 'typesense'],
    Website: [
      'cloudflare',
      'cloudfront',
      'fastly',
      'akamai',
      'vercel',
      'netlify',
      'heroku',
      'nginx',
      'haproxy',
      'envoy',
    ],
    'Product Images': ['cloudinary', 'imgix'],
    'Sales Reports': ['snowflake', 'bigquery', 'redshift', 'databricks', 'clickhouse'],
    'Inventory Sync': [
      'kafka',
      'rabbitmq',
      'sqs',
      'kinesis',
      'pubsub',
      'nats',
      'activemq',
      'celery',
      'sidekiq',
      'bullmq',
      'debezium',
    ],
    Orders: [
      'postgres',
      'postgresql',
      'mysql',
      'mariadb',
      'mongodb',
      'mongo',
      'redis',
      'memcached',
      'dynamodb',
      'cassandra',
      'cockroachdb',
      'rds',
      'aurora',
      'supabase',
      'firestore',
      'planetscale',
      'neo4j',
      'etcd',
      'valkey',
    ],
    'File Uploads': ['s3', 'gcs', 'minio'],
    Checkout: [
      'aws',
      'gcp',
      'azure',
      'ec2',
      'ecs',
      'eks',
      'gke',
      'fargate',
      'kubernetes',
      'k8s',
      'docker',
      'terraform',
      'nomad',
      'digitalocean',
      'linode',
      'hetzner',
      'datadog',
      'pagerduty',
      'newrelic',
      'grafana',
      'prometheus',
      'jenkins',
      'nestjs',
    ],
  }).flatMap(([felt, names]) => names.map((name) => [name, felt] as const)),
);

/** What engineers call their parts: no name ends in one of these. */
export const codeWords: ReadonlySet<string> = new Set(
  `worker workers service svc microservice queue db database cron cronjob job lambda daemon backend consumer producer
  handler controller repository adapter broker cache cluster pod shard replica proxy ingress sidecar listener dispatcher
  orchestrator poller indexer lb vm grpc rpc etl middleware`.split(/\s+/),
);

/** What an id does not end in unless the name says so too: words that some visitors know and most need not. */
export const idCodeWords: ReadonlySet<string> = new Set([
  ...codeWords,
  'api',
  'server',
  'gateway',
  'app',
  'prod',
  'staging',
  'dev',
]);

/** Names that end in such a word and mean something to everybody. */
export const plainPhrases: ReadonlySet<string> = new Set([
  'customer service',
  'self service',
  'room service',
  'food service',
  'guest service',
  'field service',
]);
