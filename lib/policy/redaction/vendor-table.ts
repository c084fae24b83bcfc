/** How one vendor's identifiers look, with examples on both sides; a test refuses a row without them. */
export interface VendorPattern {
  readonly vendor: string;
  readonly what: string;
  /** Without anchors; it is matched between characters that are no letter, digit or underscore. Takes linear time. */
  readonly pattern: string;
  /** Something that every match contains, for a cheap first look. */
  readonly hint: string;
  readonly matches: readonly string[];
  readonly others: readonly string[];
}

/** Letters and digits mixed, or capitals as only a random string has them: an identifier, not a word. */
const random = (least: number) =>
  `(?=[A-Za-z]*\\d|[A-Za-z]*[A-Z]{2})(?=\\d*[A-Za-z])(?!\\d*[a-z]+\\d{0,3}(?![A-Za-z0-9]))[A-Za-z0-9]{${least},}`;
const placeholder = '(?:abc|def|xyz)\\d{3}(?![A-Za-z0-9])|x{4,}(?![A-Za-z0-9])';

const stripePrefixes =
  'ba|bps|card|cbtxn|ch|cn|cs|csmrpd|cus|di|dp|evt|fca|fcsess|fee|fr|frd|iauth|ich|ic|ii|il|in|ipi|issfr|link|mandate|mbur|obtxn|or|person|pi|plink|pm|pmc|po|price|prod|promo|prv|py|pyr|qt|radar|rcpt|re|ri|rp|seti|setatt|si|sub|src|tax|tdsrl|tml|tmr|tok|topup|tr|trr|tu|tx[ir]|txn|txcd|vi|vr|vs|we|wi';
const openAiPrefixes =
  'batch|call|conv|container|ctr|eval|fc|file|fine-tune|ft-event|ft-run|ft|item|key|msg|org|response|resp|rs|run|sess|step|thread|upload|user|vs|ws';
const openAiOwnPrefixes = 'asst|chatcmpl|cmpl|evalrun|ftckpt|ftevent|ftjob|modr|outputdata|vsfb|audit_log';

/** Every vendor's identifiers that are found. A new row needs examples of what it matches and of what it must not. */
export const vendorPatterns: readonly VendorPattern[] = [
  {
    vendor: 'Stripe',
    what: 'account id',
    pattern: `acct_(?:${random(6)}|${placeholder}|[A-Za-z0-9]*\\d[A-Za-z0-9]{5,})`,
    hint: 'acct_',
    matches: ['acct_1MWlHDJITz0Vzk', 'acct_xxxxxxxx', 'acct_abc123'],
    others: ['acct_settings', 'acct_'],
  },
  {
    vendor: 'Stripe',
    what: 'object id',
    pattern: `(?:${stripePrefixes})_(?:test_|live_)?${random(10)}`,
    hint: '_',
    matches: ['ch_1PgafuB7WZ01zgkW', 'cus_QXg1o8vcGmoR32', 'pi_1PgafyB7WZ01zgkWSjxsAJo3'],
    others: ['in_progress', 're_established', 'link_checker2', 'price_updated'],
  },
  {
    vendor: 'Stripe',
    what: 'API key and webhook secret',
    pattern: '(?:(?:sk|pk|rk)_(?:live|test)_|whsec_)[A-Za-z0-9]{6,}',
    hint: '_',
    matches: ['sk_live_0123456789abcdef', 'whsec_0123456789abcdef'],
    others: ['sk_live', 'pk_test_x'],
  },
  {
    vendor: 'OpenAI',
    what: 'project id',
    pattern: `proj[-_](?:${random(6)}|${placeholder}|[A-Za-z0-9]*\\d[A-Za-z0-9]{5,})`,
    hint: 'proj',
    matches: ['proj-xxxxxxxx', 'proj_abGMw1llN8IrBb6SvvY5', 'proj_abc123', 'proj-1234abcd'],
    others: ['proj-management', 'proj_root', 'project'],
  },
  {
    vendor: 'OpenAI',
    what: 'object id',
    pattern: `(?:(?:${openAiPrefixes})[-_](?:${random(10)}|${placeholder})|(?:${openAiOwnPrefixes})[-_][A-Za-z0-9]{6,}(?:-\\d{1,3})?)`,
    hint: '[-_]',
    matches: [
      'file-4wDz5b167pAf72nx1h9eiN',
      'msg_67c9fdcf37fc8190ba82',
      'ftjob-abcdef',
      'run_abc123',
      'audit_log-hnbkd8s93s',
    ],
    others: [
      'file_search',
      'batch_completed',
      'run-step-delta-ob',
      'user_message',
      'step_number',
      'thread_message',
      'file-search-settings',
    ],
  },
  {
    vendor: 'OpenAI, Anthropic and others',
    what: 'API key',
    pattern: '(?<!-)sk-(?:(?=[A-Za-z_-]*\\d)(?=[a-z\\d_-]*[A-Z])[A-Za-z0-9_-]{16,}|(?:[a-z]{2,8}-)?[0-9a-f]{24,})',
    hint: 'sk-',
    matches: ['sk-proj-Ab0_cdEf9Gh1JkLmN2', 'sk-ant-api03-A1b2C3d4E5f6G7h8', 'sk-0Aa1Bb2Cc3Dd4Ee5Ff6'],
    others: ['sk-learn', 'sk-proj', 'sk-based-on-a-long-word'],
  },
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
    what: 'account id: twelve digits that are no date and time',
    pattern: '(?!(?:19|20)\\d\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])(?:[01]\\d|2[0-3])[0-5]\\d)\\d{12}(?!\\.\\d)',
    hint: '\\d{12}',
    matches: ['123456789012', '012345678910'],
    others: ['202611200905', '1763629500000', '12345678901', '123456789012.5'],
  },
  {
    vendor: 'AWS',
    what: 'resource id',
    pattern:
      '(?:i|vol|vpc|subnet|sg|eni|ami|snap|igw|nat|rtb|acl|eipalloc|vpce|tgw|fs|lt)-(?:[0-9a-f]{17}|(?!20\\d{6})(?=[a-f]*\\d)[0-9a-f]{8})',
    hint: '-[0-9a-f]{8}',
    matches: ['i-0123456789abcdef0', 'vpc-0a1b2c3d'],
    others: ['i-phone', 'sg-deadbeef', 'vol-12', 'snap-20261120'],
  },
  {
    vendor: 'Google Cloud',
    what: 'project path',
    pattern: '(?<![\\w/]/)projects/(?=[a-z0-9]*-)[a-z][a-z0-9-]{4,28}[a-z0-9](?![\\w-])(?:/[\\w./-]*[\\w])?',
    hint: 'projects/',
    matches: ['projects/long-door-651', 'projects/till-prod/topics/orders'],
    others: ['projects/planning', 'issues/projects'],
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
  {
    vendor: 'GitHub, GitLab',
    what: 'token',
    pattern:
      '(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_-]{16,})',
    hint: '(?:gh[pousr]_|github_pat_|gl[a-z]{2,4}-)',
    matches: [
      'ghp_0123456789abcdefghijABCDEFGHIJ012345',
      'github_pat_11ABCDEFG0123456789_abc',
      'glpat-0123456789abcdefghij',
    ],
    others: ['ghp_token', 'glpat-'],
  },
  {
    vendor: 'Slack',
    what: 'token',
    pattern: '(?:xox[abeoprs](?:\\.xox[bp])?-[A-Za-z0-9-]{10,}|xapp-\\d-[A-Za-z0-9-]{10,})',
    hint: '(?:xox[abeoprs]|xapp-)',
    matches: ['xoxb-123456789012-abcdefABCDEF', 'xapp-1-A0123456789-abc'],
    others: ['xoxb', 'xapp-1'],
  },
  {
    vendor: 'Slack, Discord, Microsoft',
    what: 'webhook path',
    pattern:
      '(?:hooks\\.slack\\.com/(?:services|workflows)/|discord(?:app)?\\.com/api/webhooks/|webhook\\.office\\.com/)[A-Za-z0-9/_@-]{8,}',
    hint: '(?:hooks\\.slack|/webhooks/|webhook\\.office)',
    matches: ['hooks.slack.com/services/T00000000/B00000000/abc', 'discord.com/api/webhooks/123456/abc'],
    others: ['hooks.slack.com', 'discord.com/api'],
  },
  {
    vendor: 'Twilio, SendGrid, Mailgun',
    what: 'account id and key',
    pattern: '(?:(?:AC|SK|MG|PN|SM|CA)[0-9a-f]{32}|SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}|key-[0-9a-f]{32})',
    hint: '(?:[A-Z]{2}[0-9a-f]{32}|SG\\.|key-)',
    matches: [
      'AC0123456789abcdef0123456789abcdef',
      'key-0123456789abcdef0123456789abcdef',
      'SG.0123456789abcdefghij.0123456789abcdefghij',
    ],
    others: ['AC0123', 'key-value', 'SG.x'],
  },
  {
    vendor: 'Shopify, Square, npm, PyPI and others',
    what: 'token',
    pattern:
      '(?:shp(?:at|ca|pa|ss)_[0-9a-fA-F]{16,}|sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{16,}|npm_[A-Za-z0-9]{20,}|pypi-[A-Za-z0-9_-]{20,}|do[opr]_v1_[0-9a-f]{20,}|hv[sb]\\.[A-Za-z0-9_-]{16,}|lin_api_[A-Za-z0-9]{16,}|sntr[ys]s?_[A-Za-z0-9_=+/-]{16,}|dckr_pat_[A-Za-z0-9_-]{16,}|sbp_[0-9a-f]{20,}|hf_[A-Za-z]{20,})',
    hint: '(?:shp[a-z]{2}_|sq0|npm_|pypi-|do[opr]_v1|hv[sb]\\.|lin_api|sntr|dckr_pat|sbp_|hf_)',
    matches: ['shpat_0123456789abcdef0123', 'npm_0123456789abcdefABCDEF', 'dop_v1_0123456789abcdef0123'],
    others: ['npm_config', 'pypi-server', 'hf_space'],
  },
  {
    vendor: 'Azure',
    what: 'subscription and tenant',
    pattern: '(?:subscriptions?|tenants?)(?:/|[ _-]?(?:id)?[:= ]{1,3})[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
    hint: '-[0-9a-f]{12}',
    matches: ['subscriptions/01234567-89ab-cdef-0123-456789abcdef', 'tenant id: 01234567-89ab-cdef-0123-456789abcdef'],
    others: ['01234567-89ab-cdef-0123-456789abcdef', 'subscriptions/active'],
  },
  {
    vendor: 'any',
    what: 'JSON Web Token',
    pattern: 'eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*)?',
    hint: 'eyJ',
    matches: ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'],
    others: ['eyJhbGci'],
  },
  {
    vendor: 'any',
    what: 'private key',
    pattern: '-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[\\s\\S]*?-----END [A-Z ]{0,30}PRIVATE KEY-----|[\\s\\S]*)',
    hint: '-----BEGIN',
    matches: ['-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----'],
    others: ['-----BEGIN CERTIFICATE-----'],
  },
];
