import { cloudPatterns } from './cloud-id-table.ts';
import type { VendorPattern } from './vendor-pattern.ts';

/** Letters and digits mixed, or capitals as only a random string has them: an identifier, not a word. */
const random = (least: number) =>
  `(?=[A-Za-z]*\\d|[A-Za-z]*[A-Z]{2})(?=\\d*[A-Za-z])(?!\\d*[a-z]+\\d{0,3}(?![A-Za-z0-9]))[A-Za-z0-9]{${least},}`;
const placeholder = '(?:(?:abc|def|ghi|xyz|ABC)(?:\\d{3})?|\\d{3,5}(?:abc|xyz)|x{3,})(?![A-Za-z0-9])';
/** Small and capital letters with digits among them, and not words in camel case with a number behind them. */
const scrambled = (least: number) =>
  `(?=[A-Za-z]*\\d)(?=[a-z\\d]*[A-Z])(?=[A-Z\\d]*[a-z])(?![a-z]*(?:[A-Z][a-z]{1,20}){0,8}\\d{0,4}(?![A-Za-z0-9]))[A-Za-z0-9]{${least},}`;
const clientSecret = '(?:_secret_[A-Za-z0-9]+)?';

const stripePrefixes =
  'ba|bps|card|cbtxn|ch|cn|cs|csmrpd|cus|di|dp|evt|fca|fcsess|fee|fr|frd|iauth|ich|ic|ii|il|in|ipi|issfr|link|mandate|mbur|obtxn|or|person|pi|plink|pm|pmc|po|price|prod|promo|prv|py|pyr|qt|radar|rcpt|re|ri|rp|seti|setatt|si|sub|src|tax|tdsrl|tml|tmr|tok|topup|tr|trr|tu|tx[ir]|txn|txcd|vi|vr|vs|we|wi';
const openAiPrefixes =
  'asst|batch|call|cert|cfile|ci|cntr|conv|container|ctr|cu|eval|event|fc|file|fine-tune|ft-event|ft-run|ft|group|ig|img|invite|item|key|mcp|mcpl|mcpr|msg|org|part|prompt|pmpt|req|response|resp|role|rs|run|sess|skill|step|thread|upload|user|video|vs|vsf|wf|ws';
const openAiOwnPrefixes =
  'chatcmpl|cmpl|evalrun|ftckpt|ftevent|ftjob|modr|outputdata|outputitem|vsfb|audit_log|svc_acct|cthr|toolu|srvtoolu|msgbatch';

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
    pattern: `(?:${stripePrefixes})_(?:test_|live_)?${random(10)}${clientSecret}`,
    hint: '_',
    matches: [
      'ch_1PgafuB7WZ01zgkW',
      'cus_QXg1o8vcGmoR32',
      'pi_1PgafyB7WZ01zgkWSjxsAJo3',
      'pi_1PgafyB7WZ01zgkW_secret_Ab0cDe1fGh',
    ],
    others: ['in_progress', 're_established', 'link_checker2', 'price_updated'],
  },
  {
    vendor: 'Stripe and all who name their objects like it',
    what: 'object id with a prefix that no row names',
    pattern: `[a-z]{2,12}(?:_[a-z]{2,12}){0,2}_(?:${scrambled(14)}|(?=\\d*[a-f])(?=[a-f]*\\d)(?:[0-9a-f]{32}|[0-9a-f]{48}))${clientSecret}`,
    hint: '_[A-Za-z0-9]{14}',
    matches: [
      'sub_sched_1PgafmB7WZ01zgkW02Hf9z6c',
      'climorder_1PgafmB7WZ01zgkW',
      'il_tmp_1PgafmB7WZ01zgkW02Hf9z6c',
      'pay_29QQoUBi66xm2f',
      'req_0123456789abcdef0123456789abcdef',
    ],
    others: [
      'test_HandlerForOrders2',
      'order_getCustomerByName12',
      'image_20261120093000',
      'build_0123456789012345',
      'customer_notification_settings',
      'snake_case_with_Many_Words',
    ],
  },
  {
    vendor: 'Stripe',
    what: 'API key and webhook secret',
    pattern: '(?:(?:sk|pk|rk|ek|pst)_(?:live|test|org)_|whsec_)(?:live_|test_)?[A-Za-z0-9]{6,}',
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
    pattern: `(?:(?:${openAiPrefixes})[-_](?:${random(10)}|${placeholder})|(?:${openAiOwnPrefixes})[-_](?:(?=[A-Za-z]*\\d)[A-Za-z0-9]{3,}|[A-Za-z0-9]{6,}|${placeholder}))(?:[-_]\\d{1,8})?`,
    hint: '[-_]',
    matches: [
      'file-4wDz5b167pAf72nx1h9eiN',
      'msg_67c9fdcf37fc8190ba82',
      'ftjob-abcdef',
      'run_abc123',
      'audit_log-hnbkd8s93s',
      'cntr_682e0e7318108198aa783fd921ff305e08e78805b9fdbb04',
      'svc_acct_abc',
      'invite-abc123',
      'chatcmpl-123',
      'req_xyz_20261120',
    ],
    others: [
      'file_search',
      'batch_completed',
      'run-step-delta-ob',
      'user_message',
      'step_number',
      'thread_message',
      'file-search-settings',
      'group-chat',
      'role_assignment',
      'key-value',
      'invite-only',
      'event_stream',
      'user-abcd',
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
  ...cloudPatterns,
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
