import { hash, randomBytes } from 'node:crypto';
import { tokenBytes } from '../policy/constants.ts';

/** What a token is good for; one for the other purpose is found nowhere. */
export type TokenPurpose = 'confirm' | 'unsubscribe';

/** A new token: random bytes as base64url. It is shown in one mail and kept as a hash. */
export function newToken(): string {
  return randomBytes(tokenBytes).toString('base64url');
}

/** Whether a text could be a token at all: there is no need to look for anything else. */
export function isToken(text: string): boolean {
  return text.length === tokenLength && /^[A-Za-z0-9_-]+$/.test(text);
}

/**
 * The hash by which a token is found. What is compared with what is stored is this hash, never the token: how long that
 * takes tells nothing, because nobody can choose a token whose hash begins as they like.
 */
export function tokenKey(purpose: TokenPurpose, token: string): string {
  return hash('sha256', `candor ${purpose} ${token}`, 'base64url');
}

const tokenLength = Math.ceil((tokenBytes * 4) / 3);
