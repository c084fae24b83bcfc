import { expect, test } from 'vitest';
import { fails, unmeasured } from '../../testing/http-sample.ts';
import { sampleOfError } from './error-sample.ts';

function withCode(code: string): Error {
  return Object.assign(new Error('it did not work'), { code });
}

test.each([
  [['ECONNREFUSED'], fails('connect_refused')],
  [['EHOSTUNREACH'], fails('unreachable')],
  [['ENETUNREACH'], fails('unreachable')],
  [['ERR_SSL_WRONG_VERSION_NUMBER'], fails('tls_failed')],
  [['HPE_INVALID_CONSTANT'], fails('protocol_error')],
  [['ESOMETHING'], fails('connection_lost')],
  [['EMFILE'], unmeasured('runner_offline')],
  [['ENETDOWN'], unmeasured('runner_offline')],
  [['EADDRNOTAVAIL'], unmeasured('runner_offline')],
  [['EPERM'], unmeasured('runner_offline')],
  [['EADDRNOTAVAIL', 'EHOSTUNREACH', 'ECONNREFUSED'], fails('connect_refused')],
  [['EADDRNOTAVAIL', 'EHOSTUNREACH'], fails('unreachable')],
  [['ENETDOWN', 'EADDRNOTAVAIL'], unmeasured('runner_offline')],
])('of the addresses that ended with %j the sample is %j', (codes, expected) => {
  const errors = codes.map(withCode);
  const error = errors.length === 1 ? errors[0] : new AggregateError(errors);
  expect(sampleOfError(error, 'connection_lost')).toEqual(expected);
});

test('what has no code is a bug', () => {
  const bug = new TypeError('undefined is not a function');
  expect(() => sampleOfError(bug, 'connection_lost')).toThrow(bug);
});
