import type { VendorPattern } from './vendor-pattern.ts';

/** The rows of the vendors' table for AWS and Google Cloud. */
export const cloudPatterns: readonly VendorPattern[] = [
  {
    vendor: 'AWS',
    what: 'resource name (ARN)',
    pattern: 'arn:aws[a-z-]*:[A-Za-z0-9-]*:[^\\s"\'`<>,;()[\\]]*[A-Za-z0-9*_/:-]',
    hint: 'arn:aws',
    matches: [
      'arn:aws:iam::123456789012:role/till',
      'arn:aws-cn:s3:::bucket/key',
      'arn:aws::us-west-2:123456789012:till',
    ],
    others: ['arn:aws', 'arn:aws:s3', 'barn:aws-like'],
  },
  {
    vendor: 'AWS',
    what: 'access key id',
    pattern: '(?:AKIA|ASIA|AROA|AIDA|ANPA|AGPA|ABIA|ACCA)[A-Z0-9]{12,}',
    hint: 'A[A-Z]{3}[A-Z0-9]',
    matches: ['AKIAIOSFODNN7EXAMPLE', 'ASIAIOSFODNN7EXAMPLE'],
    others: ['AKIA', 'ASIAPACIFIC'],
  },
  {
    vendor: 'AWS',
    what: 'account id: twelve digits that are no date and time, no end of a UUID and no number of an order',
    pattern:
      '(?<!\\+|#|\\d\\.|[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-|\\b(?:[Oo]rder|[Tt]icket|[Cc]ase|[Ii]nvoice|[Tt]racking|[Pp]hone|[Pp]arcel)s?(?: (?:[Nn]umber|[Nn]o\\.|[Ii][Dd]|[Rr]ef))?:? )(?!(?:19|20)\\d\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])(?:[01]\\d|2[0-3])[0-5]\\d)\\d{12}(?!\\.\\d)',
    hint: '\\d{12}',
    matches: ['123456789012', '012345678910'],
    others: [
      '202611200905',
      '1763629500000',
      '12345678901',
      '123456789012.5',
      '0.123456789012',
      '+441632960000',
      'order #123456789012',
      'Order number: 123456789012',
      '550e8400-e29b-41d4-a716-446655440000',
    ],
  },
  {
    vendor: 'AWS',
    what: 'account id as the console writes it, where it is called one',
    pattern: '(?:AWS|[Aa]ccount)(?: (?:account|id|ID|number))?:? #?\\d{4}-\\d{4}-\\d{4}(?!-)',
    hint: '\\d{4}-\\d{4}-\\d{4}',
    matches: ['account 1234-5678-9012', 'AWS account: 1234-5678-9012'],
    others: ['2026-1120-0905', 'call 0800-1234-5678'],
  },
  {
    vendor: 'AWS',
    what: 'resource id',
    pattern:
      '(?:(?:i|vol|vpc|subnet|sg|eni|ami|snap|igw|nat|rtb|acl|eipalloc|vpce|tgw|fs|lt|cgw|vgw|vpn|pcx|dopt|eigw|rtbassoc|eipassoc|aclassoc)-(?!20\\d{6})(?=[a-f]*\\d)[0-9a-f]{8}|[a-z]{1,9}(?:-[a-z]{3,10}){0,2}-(?=[a-f]*\\d)[0-9a-f]{17})',
    hint: '-[0-9a-f]{8}',
    matches: ['i-0123456789abcdef0', 'vpc-0a1b2c3d', 'tgw-attach-0123456789abcdef0', 'op-01234567890123456'],
    others: ['i-phone', 'sg-deadbeef', 'vol-12', 'snap-20261120'],
  },
  {
    vendor: 'Google Cloud',
    what: 'path of a project, folder, organization or billing account',
    pattern:
      '(?:(?<![\\w/]/)|(?<=googleapis\\.com/(?:[\\w.-]{1,30}/){0,3})|(?<=(?:^|[\\s"\'`(/])v\\d\\w{0,6}/))(?:projects/(?:\\d{6,}|(?:[a-z][a-z0-9.-]{1,30}:)?(?=[a-z0-9]*[-\\d])[a-z][a-z0-9-]{4,28}[a-z0-9]|[a-z][a-z0-9-]{2,28}[a-z0-9](?=/(?:locations|zones|regions|global|topics|subscriptions|secrets|serviceAccounts|instances|databases|datasets|buckets|keyRings|clusters|traces)(?![\\w-])))|(?:folders|organizations)/\\d{6,}|billingAccounts/[0-9A-F]{6}(?:-[0-9A-F]{6}){2})(?![\\w-])(?:/[\\w./-]*[\\w])?',
    hint: '(?:projects|folders|organizations|billingAccounts)/',
    matches: [
      'projects/long-door-651',
      'projects/till-prod/topics/orders',
      'projects/123456789012/locations/global',
      'projects/till/secrets/key',
      'projects/example.com:till-prod',
      'organizations/1234567890',
    ],
    others: ['projects/planning', 'issues/projects', 'projects/2026', 'projects/boards/list', 'folders/2026'],
  },
  {
    vendor: 'Google Cloud',
    what: 'host that is named after a project or a service account',
    pattern: '[a-z0-9](?:[a-z0-9.-]{0,80}[a-z0-9])?\\.(?:gserviceaccount\\.com|appspot\\.com|cloudfunctions\\.net)',
    hint: '\\.(?:gserviceaccount|appspot|cloudfunctions)\\.',
    matches: [
      'my-project.iam.gserviceaccount.com',
      'project-id-123.appspot.com',
      'us-central1-till-prod.cloudfunctions.net',
    ],
    others: ['appspot.com', 'gserviceaccount.com', 'till.appspot.community'],
  },
  {
    vendor: 'Google Cloud',
    what: 'connection name of a database, image of a registry',
    pattern:
      '(?:[a-z][a-z0-9-]{4,28}[a-z0-9]:[a-z]{2,12}-[a-z]{4,12}\\d{1,2}:[a-z][a-z0-9-]{0,80}[a-z0-9]|(?:(?:[a-z]{2,4}\\.)?gcr\\.io|[a-z0-9-]{2,30}-docker\\.pkg\\.dev)/[a-z][a-z0-9-]{4,28}[a-z0-9](?:/[\\w./:@-]*\\w)?)',
    hint: '(?::[a-z]+-[a-z]+\\d|gcr\\.io/|pkg\\.dev/)',
    matches: ['till-prod:us-central1:orders-db', 'gcr.io/till-prod/api:v1', 'us-docker.pkg.dev/till-prod/images/api'],
    others: ['gcr.io', 'regions: us-central1', 'a:b:c'],
  },
  {
    vendor: 'Google Cloud',
    what: 'API key, OAuth client id and token',
    pattern:
      '(?:AIza[A-Za-z0-9_-]{30,}|\\d{6,}-[a-z0-9]{20,}\\.apps\\.googleusercontent\\.com|ya29\\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,})',
    hint: '(?:AIza|googleusercontent|ya29|GOCSPX)',
    matches: [
      'AIzaSyA0123456789abcdefghijklmnopqrstuv',
      '123456789-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com',
    ],
    others: ['AIza', 'googleusercontent.com'],
  },
];
