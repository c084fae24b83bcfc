import { expect, test } from 'vitest';
import { component } from '../testing/builders.ts';
import { namingProblem, namingProblems } from './naming.ts';

test.each([
  'Payments',
  'Point of Sale',
  'Inventory Sync',
  'Email Delivery',
  'API Requests',
  'Actions',
  'Webhooks',
  'Git Operations',
  'Pull Requests',
  'Website',
  'Public API',
  'Point-of-Sale',
  'E-mail Delivery',
  'Self-Service',
  'Customer Service',
  'Jobs',
  'eCommerce',
  'iOS App',
  'GitHub Actions',
  'Import/Export',
  'Booking.com',
  'Card payments',
  'Payment Gateway',
  'Überweisungen',
])('%s is what people know', (name) => {
  const id = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-');
  expect(namingProblem(name, id)).toBeUndefined();
});

test.each([
  ['order-service', 'Order'],
  ['inventory_adjustment_queue', 'Inventory Adjustment'],
  ['inventory-adjustment-queue', 'Inventory Adjustment'],
  ['stripe-webhook-worker', 'Payments'],
  ['sendgrid-transactional', 'Email Delivery'],
  ['Stripe Payments', 'Payments'],
  ['Redis', 'Orders'],
  ['Order Service', 'Order'],
  ['ORDER-SERVICE', 'Order'],
  ['OrderService', 'Order'],
  ['orderService', 'Order'],
  ['PaymentsApi', 'Payments'],
  ['payments-api', 'Payments'],
  ['Orders DB', 'Orders'],
  ['Email Worker', 'Email'],
  ['checkout-lambda', 'Checkout'],
  ['nightly-cron', 'Nightly'],
  ['order-history', 'Order History'],
])('%s is internal; %s is suggested', (name, suggestion) => {
  expect(namingProblem(name, 'x')).toMatchObject({ of: 'name', suggestion });
});

test.each([
  ['payments-api', 'payments'],
  ['payments-worker', 'payments'],
  ['stripe', 'payments'],
])('the id %s is internal under a good name', (id, suggestion) => {
  expect(namingProblem('Payments', id)).toMatchObject({ of: 'id', suggestion });
});

test('an id that repeats a good name is as good', () => {
  expect(namingProblem('Payment Gateway', 'payment-gateway')).toBeUndefined();
});

test('the problem says why and what to write', () => {
  const positions = new Map([['name', { line: 2, column: 1 }]]);
  expect(namingProblems(component({ name: 'stripe-webhook-worker', positions }))).toEqual([
    {
      file: 'components/payments.yml',
      line: 2,
      column: 1,
      rule: 'component-name',
      severity: 'error',
      message: 'The name says stripe, a vendor or product that merchants need not know.',
      fix: 'Name what merchants feel, such as "Payments".',
    },
  ]);
  expect(namingProblems(component({ id: 'order-service', name: 'Orders' }))).toEqual([
    {
      file: 'components/order-service.yml',
      line: 1,
      column: 1,
      rule: 'component-name',
      severity: 'error',
      message:
        'The id ends in "-service", which is how it is built and not what merchants feel; it stands in addresses.',
      fix: 'Rename the file to orders.yml, and the id in the incidents with it.',
    },
  ]);
});
