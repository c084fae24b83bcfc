/** A job of a workflow that proves who it is, without any key: what GitHub gives it, and what knows it at Google. */
export interface WorkloadIdentity {
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER`. */
  readonly provider: string;
  /** The account that the job acts as; `undefined`: as itself. */
  readonly serviceAccount: string | undefined;
  /** Where GitHub says who the job is, and what it wants to hear: `ACTIONS_ID_TOKEN_REQUEST_URL` and `…_TOKEN`. */
  readonly requestUrl: string;
  readonly requestToken: string;
  /** Where Google exchanges that for a token of its own. */
  readonly exchangeUrl?: string | undefined;
}

/** What a credential configuration file would say; it is never written to a disk, because it holds the job's token. */
export interface ExternalCredentials {
  readonly type: 'external_account';
  readonly audience: string;
  readonly subject_token_type: string;
  readonly token_url: string;
  readonly credential_source: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly format: { readonly type: 'json'; readonly subject_token_field_name: string };
  };
  readonly service_account_impersonation_url?: string;
}

/** The credentials of a job: it shows GitHub's word for who it is, and gets a token that holds for an hour. */
export function workloadCredentials(identity: WorkloadIdentity): ExternalCredentials {
  const { provider, serviceAccount, requestUrl, requestToken, exchangeUrl } = identity;
  const url = new URL(requestUrl);
  url.searchParams.set('audience', `https://iam.googleapis.com/${provider}`);
  return {
    type: 'external_account',
    audience: `//iam.googleapis.com/${provider}`,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: exchangeUrl ?? 'https://sts.googleapis.com/v1/token',
    credential_source: {
      url: url.href,
      headers: { Authorization: `Bearer ${requestToken}` },
      format: { type: 'json', subject_token_field_name: 'value' },
    },
    ...(serviceAccount === undefined ? {} : { service_account_impersonation_url: impersonation(serviceAccount) }),
  };
}

function impersonation(account: string): string {
  return `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${encodeURIComponent(account)}:generateAccessToken`;
}
